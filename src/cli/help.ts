export const help = `sightglass: feature flags and what production does with them, from a terminal

  sightglass scan [FOLDER] [--format F] [--max N]         references to flags in code
  sightglass check [FOLDER] [--fail-on LEVEL]             what code and flag systems say differently of flags
  sightglass unused [FOLDER]                              flags that no code of the folder references
  sightglass undefined [FOLDER]                           flags that code evaluates and nothing defines
  sightglass review --base REV [--head REV]               what a change will do in production (docs/review.md)
  sightglass explain PATH:LINE                            by which steps a flag was found there, or what stopped it
  sightglass status KEY [--references]                    state by environment, errors and latency of its sides
  sightglass set KEY --percentage N [--variant V]         how many get a variant
  sightglass set KEY --default V | --on | --off           what everyone else gets; its switch
  sightglass kill KEY                                     the off variant for everyone, targeting included
  sightglass create KEY --type T                          a flag that there is none of, off: boolean, string, number, object
  sightglass target KEY --user ID [--remove]              a variant for one user, or no longer
  sightglass evaluate KEY --context NAME=VALUE            what somebody is given, and by which rule, in each environment
  sightglass undo [ID]                                    takes a change of the journal back, else the last one here
  sightglass journal [--limit N] [--flag KEY] [--who W]   what was changed on this machine, newest first
  sightglass systems                                      what is connected, and what it can do in each environment

  -e, --environment NAME   one of the flag's environments (wanted by changes where there are several)
      --project NAME       one of the projects, where a key is in several
  -C, --folder FOLDER      look here instead of the working folder
      --window MINUTES     how far status looks back (15)
      --json               data for programs instead of lines
      --no-wait            do not wait until instances are seen to follow a change

Of scan:
      --format F           table, jsonl (what is written else), json, sarif or html
      --key KEY            only references to this flag
      --keys FILE          keys that are defined, one a line or a JSON array: found as texts too; others are told apart.
                           Those of flagd's files, of OpenFeature's manifests and of .sightglass.json's files are known
      --changed-since REV  only files that changed since a commit, branch or tag of git
      --exclude GLOB       not these files; may be given several times
      --stats              on stderr: files, candidates, parsed, seconds by phase, peak memory
      --max N              more references than this end with exit code 1

Of check, unused and undefined (docs/diagnostics.md explains every code):
      --format F           table (what is written else), jsonl, json or sarif
      --severity LEVEL     what is at least so grave: error, warning, information (check, else) or hint
      --fail-on LEVEL      what ends with exit code 1: the same (warning, else), or never
      --set CODE=LEVEL     how grave a code is, or off; may be given several times
      --keys FILE          keys that are defined besides, one a line or a JSON array
      --exclude GLOB       not these files; may be given several times

Of journal:
      --flag TEXT          only flags whose key has this in it; --who TEXT: only by who has this in the name
      --outcome O          applied, verified, requested, refused, unknown, undone or open
      --format F           table (what is written else), json or csv

Of review:
      --base REV           what is compared with: a commit, branch or tag (wanted)
      --head REV           what is reviewed (the working tree, else); --staged: what is staged
      --format F           markdown (what is written else), json, sarif or html
      --fail-on WHAT       what ends with exit code 1: error, warning, information, codes, or never (else)
      --window MINUTES     how far telemetry looks back (60)
      --busy N             calls a minute from which a code path counts as busy (60)

Changes ask on the terminal. Without one, consent is given in advance:
      --yes                enough where the environment is not protected
      --reason TEXT        wanted besides to turn off or down in a protected one
      --flag-name KEY      wanted besides to turn on or up there

Servers of .sightglass.json are asked after a yes, once a machine. Tokens come from the environment:
      SIGHTGLASS_<ID>_TOKEN   counts only with the next beside it
      SIGHTGLASS_<ID>_URL     the address the token is for; a yes to its origin where there is no terminal

Data goes to stdout, words to stderr. Exit codes: 0 done, 1 more findings than --max or --fail-on
allow, 2 usage, 3 could not ask, or could not be done.
`;
