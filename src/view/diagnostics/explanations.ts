import type { L10n } from '../../platform/l10n';
import type { DiagnosticCode } from './diagnostic';

/** What stands behind a code, for the hover, the page of all codes and SARIF. Plain text; `code` in backticks. */
export interface DiagnosticExplanation {
  /** One sentence. */
  readonly title: string;
  /** First paragraph: what it means, and how it is found. */
  readonly meaning: string;
  /** Second paragraph: when it is wrong, and what to do. */
  readonly advice: string;
  /** Who knows it. */
  readonly source: string;
}

/** The page with a section for each code, as the package's repository has it. */
export const explanationsPage = 'docs/diagnostics.md';

/** Where a code is explained, for those who have only its name. */
export const explanationAddress = (code: DiagnosticCode): string =>
  `https://github.com/sightglass/sightglass/blob/main/${explanationsPage}#${code}`;

export function explanationOf(code: DiagnosticCode, { t }: L10n): DiagnosticExplanation {
  switch (code) {
    case 'flag-undefined':
      return {
        title: t('The flag that is evaluated here is defined nowhere'),
        meaning: t(
          'No connected flag system that the SDK of this call may ask has a flag of this key, so the call hands out its default, always. Calls of a service of your own, behind which no SDK is seen, count where at least four of five keys that are asked for so are defined. It is said only of calls that certainly evaluate this key, outside of tests, and only while every system that the file is mapped to has answered whole and freshly: one that is silent, too old, or has a file that cannot be read may be the one that defines it. Where a known key is at most a third of its length away in slips, case and the choice of `-`, `_` and `.` aside, it is named.',
        ),
        advice: t(
          'Correct the key, or create the flag. It is wrong where the flag is served by a system or a project that `.sightglass.json` does not name, or names for other folders only: an SDK of OpenFeature may stand in front of any. Connect that system, or map its project to this folder. Where the flag was removed on purpose, remove the call, and keep the side that its default chose.',
        ),
        source: t('Keys of the connected flag systems and flag files, against evaluations in code.'),
      };
    case 'flag-unreferenced':
      return {
        title: t('No code of the workspace references this flag'),
        meaning: t(
          'The flag is defined, and its key is named nowhere in this workspace: not in a call, not in a constant, not in a test, not as a text given to something unknown, and no pattern such as `exp-*` that code asks for fits it. Accessors that a tool wrote for every flag of a manifest do not count as a use. It is said only of projects that code here asks for something, when all of the workspace has been read and the project has answered freshly; archived flags and prerequisites of other flags are left out. The Flags view lists them all; those that a file defines are faded there too.',
        ),
        advice: t(
          'Many flags are used elsewhere: by another repository, by a front end, by rules of the flag system itself. Open the folders that use it too, or ask who does, before it is archived. It is wrong where keys are put together at run time from parts that nobody writes down; name such keys in a constant, or turn the code `off`.',
        ),
        source: t('Keys of the connected flag systems and flag files, against everything that names a key in code.'),
      };
    case 'flag-wrong-type':
      return {
        title: t('Code asks for another type than the flag has'),
        meaning: t(
          'The call says by its name, or by the default that its SDK takes the type from, that it wants a boolean, a string, a number or an object, and every flag of this key is of another type. Most SDKs answer such a call with an error of type `TYPE_MISMATCH` and hand out the default, whatever the flag serves.',
        ),
        advice: t(
          'Ask by the method of the type that the flag has, or give the flag variants of the type that is asked for. Unleash is left out, since every flag of it answers every kind of call. It is wrong where a provider of the project converts values by itself; turn the code to `hint` there.',
        ),
        source: t("The type of the variants in the flag system, against the call's name."),
      };
    case 'flag-default-differs':
      return {
        title: t('Defaults of one flag disagree'),
        meaning: t(
          'Either call sites of the same flag write different defaults, so that parts of the program go different ways while the flag system cannot be asked; of these, the ones that differ from the most usual default are told. Or a boolean default is the opposite of what everybody gets when the flag is off, so that an outage does what nobody turned on. Defaults count where they are literals, at the call or in the wrapper around it, outside of tests, and are compared with those of the same type. Without a connected system only calls of the same SDK in one folder of the workspace are compared.',
        ),
        advice: t(
          'Decide which way is the safe one, and write it in one place: a constant, or the wrapper. It is meant to differ where one side has to stay open when nothing answers, as with a flag that keeps something alive; then say so beside the call. Texts and numbers are compared between calls only, since their defaults are often none of the variants on purpose.',
        ),
        source: t("Defaults written in code, and the system's own off variant."),
      };
    case 'flag-archived':
      return {
        title: t('A flag that is archived, or no longer to be used, is still evaluated'),
        meaning: t(
          'The flag system has this flag archived, or marked as deprecated or stale, in every project that the file is mapped to. SDKs do not get archived flags any more and hand out the default of the call; one that is only marked is still served, and its owner wants it gone.',
        ),
        advice: t(
          'Remove the evaluation and keep the side that is served, or revive the flag where it was archived too early. It is wrong where another environment, which is not connected, still has the flag.',
        ),
        source: t('The mark in the flag system. Flag files have none.'),
      };
    case 'flag-client-unavailable':
      return {
        title: t('A browser or an app evaluates a flag that is kept from such clients'),
        meaning: t(
          'The code runs in a browser or on a mobile device, as the imported SDK says, and the flag system does not hand this flag to SDKs of that kind: they get the default, always, while servers get the flag.',
        ),
        advice: t(
          'Make the flag available to that kind of SDK in the flag system, having made sure that its name, variants and rules may be seen by everybody; or evaluate it on the server and send the result. It is wrong where the file runs on a server in spite of its imports.',
        ),
        source: t("The flag's availability in the flag system. Systems that hand every flag to all clients have none."),
      };
    case 'variant-undefined':
      return {
        title: t('A flag is compared with a variant that it does not have'),
        meaning: t(
          'What the evaluation hands out is compared with a text, in a condition or a `switch`, that is neither the value nor the name of any variant of the flag, nor the default of the call: that side never runs, or always does. It is said of flags whose variants are texts, and of flags of Unleash whose variants are known. Where a variant is near, it is named; where none is, the default of the call has to be a literal, since what is compared may else be that very default.',
        ),
        advice: t(
          'Correct the text, add the variant, or remove the side that nobody reaches. It is wrong where the result is changed before it is compared, or the default is put together at run time and compared with afterwards.',
        ),
        source: t('Variants in the flag system, against literals that results are compared with.'),
      };
    case 'flag-file':
      return {
        title: t('A flag file says something that has another effect than it reads like'),
        meaning: t(
          'The file was read, and something in it does not do what it says: a targeting rule names a variant that the flag does not have, so that whoever it is for gets the default of the code; a rule refers to an evaluator that is not defined; a key is defined twice, of which the last one counts; or the system itself is stricter than the file, as with comments in JSON. What keeps a flag or a file from being read at all is an error of its own and no matter of this setting.',
        ),
        advice: t(
          'Correct the name, or define what is named. It is wrong where something else puts the file together or rewrites it before the flag system reads it, as a template does; then name what comes out of that as the source.',
        ),
        source: t('The flag file itself, by the rules of the system that reads it.'),
      };
  }
}
