import * as z from 'zod';

/**
 * Messages between the host and the detail panel. The panel draws what it is told and proposes: an action is an id
 * the host gave it in the last state, looked up there, so that a page can never name a flag, a file or a command.
 * Sizes are bounded on both sides; a message that does not fit is dropped by the panel, answered by the host.
 */
export const detailProtocolVersion = 1;

const text = z.string().max(1_000);
const id = z.string().min(1).max(200);
const actionSchema = z.object({ id, label: text });
export type DetailAction = z.infer<typeof actionSchema>;

const toneSchema = z.enum(['on', 'partial', 'off', 'regression', 'stale', 'unknown']);

/** A fact of the row below the header: `4.1% / 0.6%` with `n 1,204 / 3,640` and its age. */
const factSchema = z.object({ label: text, value: text, detail: text, tone: toneSchema.nullable() });
export type DetailFact = z.infer<typeof factSchema>;

const series = z.array(z.number().nullable()).max(1_500);

/**
 * One chart over the shared time axis. `values[i]` belongs to `arms[i]`, one value a time, null where there was
 * nothing to measure. Unit `share`: 0..1; `seconds`: seconds. `summary` says the numbers in words.
 */
const chartSchema = z.object({
  id,
  title: text,
  unit: z.enum(['share', 'seconds']),
  arms: z.array(z.object({ name: text, label: text })).max(2),
  values: z.array(series).max(2),
  summary: text,
  /** Said in the chart's place when there is nothing to draw: why. */
  empty: text,
});
export type DetailChart = z.infer<typeof chartSchema>;

/** A change or deploy on the time axis, epoch seconds. */
const markerSchema = z.object({ at: z.number(), label: text });

const referenceSchema = z.object({ id, place: text, code: text, kind: text });
const historySchema = z.object({ id, title: text, detail: text, tone: toneSchema.nullable(), undo: id.nullable() });

/** Everything the panel draws, in the display language. `loading`: what is still missing has a skeleton. */
export const detailStateSchema = z.object({
  /** BCP 47, for numbers on the axes and the document's language. */
  locale: z.string().max(35),
  loading: z.boolean(),
  header: z.object({
    key: text,
    subtitle: text,
    system: text,
    openDefinition: actionSchema.nullable(),
    environments: z.array(z.object({ id, label: text, selected: z.boolean() })).max(100),
    windows: z.array(z.object({ minutes: z.number().int().positive(), label: text, selected: z.boolean() })).max(20),
    actions: z.array(actionSchema).max(10),
    /** Words of a change under way. */
    progress: text.nullable(),
  }),
  facts: z.array(factSchema).max(12),
  verdict: z.object({
    tone: toneSchema,
    sentence: text,
    /** What the verdict was computed from, name and value. */
    inputs: z.array(z.object({ label: text, value: text })).max(40),
    method: text,
  }),
  /** Epoch seconds, ascending, shared by all charts. */
  times: z.array(z.number()).max(1_500),
  charts: z.array(chartSchema).max(4),
  markers: z.array(markerSchema).max(100),
  notes: z.array(text).max(20),
  rules: z.array(text).max(101),
  references: z.array(referenceSchema).max(200),
  history: z.array(historySchema).max(100),
  /** Labels of the page itself. */
  strings: z.object({
    environment: text,
    window: text,
    facts: text,
    verdict: text,
    howComputed: text,
    charts: text,
    showTable: text,
    time: text,
    resetZoom: text,
    changes: text,
    rules: text,
    noRules: text,
    references: text,
    noReferences: text,
    history: text,
    noHistory: text,
    undo: text,
    loading: text,
    working: text,
    failed: text,
    notes: text,
  }),
});
export type DetailState = z.infer<typeof detailStateSchema>;

/** From the panel. `requestId` comes back in the reply. */
export const fromDetailPanelSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), protocol: z.literal(detailProtocolVersion) }),
  z.object({ type: z.literal('act'), requestId: z.number().int().nonnegative(), action: id }),
  z.object({ type: z.literal('chooseEnvironment'), requestId: z.number().int().nonnegative(), environment: id }),
  z.object({
    type: z.literal('chooseWindow'),
    requestId: z.number().int().nonnegative(),
    minutes: z.number().int().min(1).max(10_080),
  }),
]);
export type FromDetailPanel = z.infer<typeof fromDetailPanelSchema>;

/** To the panel. An error is a reply in words for people. */
export const toDetailPanelSchema = z.union([
  z.object({ type: z.literal('state'), state: detailStateSchema }),
  z.object({ type: z.literal('reply'), requestId: z.number().int(), ok: z.literal(true) }),
  z.object({ type: z.literal('reply'), requestId: z.number().int(), ok: z.literal(false), error: text }),
]);
export type ToDetailPanel = z.infer<typeof toDetailPanelSchema>;
