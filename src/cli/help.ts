export const help = `sightglass: feature flags and what production does with them, from a terminal

  sightglass scan [FOLDER] [--jsonl | --json] [--max N]   references to flags in code
  sightglass status KEY [--references]                    state by environment, errors and latency of its sides
  sightglass set KEY --percentage N [--variant V]         how many get a variant
  sightglass set KEY --default V | --on | --off           what everyone else gets; its switch
  sightglass kill KEY                                     the off variant for everyone, targeting included
  sightglass undo [ID]                                    takes a change of the journal back, else the last one here
  sightglass journal [--limit N]                          what was changed on this machine, newest first

  -e, --environment NAME   one of the flag's environments (wanted by changes where there are several)
      --project NAME       one of the projects, where a key is in several
  -C, --folder FOLDER      look here instead of the working folder
      --window MINUTES     how far status looks back (15)
      --json               data for programs instead of lines
      --no-wait            do not wait until instances are seen to follow a change

Changes ask on the terminal. Without one, consent is given in advance:
      --yes                enough where the environment is not protected
      --reason TEXT        wanted besides to turn off or down in a protected one
      --flag-name KEY      wanted besides to turn on or up there

Data goes to stdout, words to stderr. Exit codes: 0 done, 1 more findings than --max, 2 usage,
3 could not ask, or could not be done.
`;
