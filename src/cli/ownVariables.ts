const token = /^SIGHTGLASS_\w+_TOKEN$/;

/**
 * The variables of this process, with tokens taken out of the process: programs that it starts inherit them else, and a
 * report that Node writes of a crash lists them.
 */
export function takenVariables(variables: NodeJS.ProcessEnv): Readonly<Record<string, string | undefined>> {
  const taken = { ...variables };
  for (const name of Object.keys(variables)) if (token.test(name)) Reflect.deleteProperty(variables, name);
  return taken;
}
