/**
 * What telemetry says of a match or a comparison, in words fixed here: they cross processes and windows of different
 * display languages as they are, and are translated where they are shown.
 */

/** Why an operation is taken to be a code path's. */
export const matchReasons = [
  'by override',
  'by code.file.path and code.function.name',
  'by code.function.name',
  'by rpc.service and rpc.method',
  'by http.route',
  'by the end of http.route',
  'by tracer and span name',
  'by literal span name',
  'by the route in the span name',
  'by span name',
  'by the end of code.file.path',
  'by the only consumer of the service',
] as const;
export type MatchReason = (typeof matchReasons)[number];

/** Why there is no verdict, or why it is only an association. */
export const comparisonReasons = [
  'no calls on the treatment side',
  'no calls on the control side',
  'too few calls on the treatment side',
  'too few errors on both sides together',
  'too few slow calls on both sides together',
  'many traces saw several variants, so the sides cannot be told apart',
  'calls are not divided as the flag is configured, so the sides may not be alike',
  'rules decide beside the split, so the difference may be due to who is targeted',
  'not randomised: the difference may be due to who is targeted',
  'not split between these any more: one side is from before a change',
  'the definition of the flag is not known, so the difference may be due to who is targeted',
  'the difference is within what chance gives',
  'in so few minutes only a gross difference can be told',
] as const;
export type ComparisonReason = (typeof comparisonReasons)[number];

/** The name of the receiver inside the extension, as a source. */
export const builtInSource = 'built-in receiver';
