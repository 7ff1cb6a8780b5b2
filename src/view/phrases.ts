import { builtInSource, type ComparisonReason, type MatchReason } from '../model/phrases';
import type { L10n } from '../platform/l10n';
import { oneLine } from './text';

type Phrase = MatchReason | ComparisonReason | typeof builtInSource;

const translations: Readonly<Record<Phrase, (l10n: L10n) => string>> = {
  'by override': (l10n) => l10n.t('by override'),
  'by code.file.path and code.function.name': (l10n) => l10n.t('by code.file.path and code.function.name'),
  'by code.function.name': (l10n) => l10n.t('by code.function.name'),
  'by rpc.service and rpc.method': (l10n) => l10n.t('by rpc.service and rpc.method'),
  'by http.route': (l10n) => l10n.t('by http.route'),
  'by the end of http.route': (l10n) => l10n.t('by the end of http.route'),
  'by tracer and span name': (l10n) => l10n.t('by tracer and span name'),
  'by literal span name': (l10n) => l10n.t('by literal span name'),
  'by the route in the span name': (l10n) => l10n.t('by the route in the span name'),
  'by span name': (l10n) => l10n.t('by span name'),
  'by the end of code.file.path': (l10n) => l10n.t('by the end of code.file.path'),
  'by the only consumer of the service': (l10n) => l10n.t('by the only consumer of the service'),
  'no calls on the treatment side': (l10n) => l10n.t('no calls on the treatment side'),
  'no calls on the control side': (l10n) => l10n.t('no calls on the control side'),
  'too few calls on the treatment side': (l10n) => l10n.t('too few calls on the treatment side'),
  'too few errors on both sides together': (l10n) => l10n.t('too few errors on both sides together'),
  'too few slow calls on both sides together': (l10n) => l10n.t('too few slow calls on both sides together'),
  'many traces saw several variants, so the sides cannot be told apart': (l10n) =>
    l10n.t('many traces saw several variants, so the sides cannot be told apart'),
  'calls are not divided as the flag is configured, so the sides may not be alike': (l10n) =>
    l10n.t('calls are not divided as the flag is configured, so the sides may not be alike'),
  'rules decide beside the split, so the difference may be due to who is targeted': (l10n) =>
    l10n.t('rules decide beside the split, so the difference may be due to who is targeted'),
  'not randomised: the difference may be due to who is targeted': (l10n) =>
    l10n.t('not randomised: the difference may be due to who is targeted'),
  'not split between these any more: one side is from before a change': (l10n) =>
    l10n.t('not split between these any more: one side is from before a change'),
  'the definition of the flag is not known, so the difference may be due to who is targeted': (l10n) =>
    l10n.t('the definition of the flag is not known, so the difference may be due to who is targeted'),
  'the difference is within what chance gives': (l10n) => l10n.t('the difference is within what chance gives'),
  'in so few minutes only a gross difference can be told': (l10n) =>
    l10n.t('in so few minutes only a gross difference can be told'),
  [builtInSource]: (l10n) => l10n.t('built-in receiver'),
};

/** A fixed phrase of telemetry in the display language; what is none, of a newer window say, as it is. */
export function phrase(text: string, l10n: L10n, most = 200): string {
  return Object.hasOwn(translations, text) ? translations[text as Phrase](l10n) : oneLine(text, most);
}
