import type { Serve } from '../../model/flag';
import type { GoffFlag, GoffRule, GoffStep } from './flagSchema';

/**
 * A flag with the steps of its schedule that are due at a time (epoch ms), merged as GO Feature Flag 1.50 does
 * (`applyScheduledRolloutSteps`): rules are merged by name, and a step takes away the rules that an earlier one added.
 */
export function flagAt(flag: GoffFlag, now: number): GoffFlag {
  const due = (flag.scheduledRollout ?? []).filter(({ date }) => date !== undefined && date <= now);
  if (due.length === 0) return flag;
  let merged: GoffFlag = { ...flag };
  let own: readonly GoffRule[] = flag.targeting ?? [];
  for (const step of due) {
    const updates = step.targeting ?? [];
    // Of two updates of one name the last counts.
    const byName = new Map(updates.flatMap((rule) => (rule.name === undefined ? [] : [[rule.name, rule] as const])));
    own = own.map((rule) => {
      const update = byName.get(rule.name ?? '');
      return update ? mergedRule(rule, update) : rule;
    });
    const known = new Set(own.map(({ name = '' }) => name));
    const added = updates.filter(({ name = '' }) => !(known.has(name) && byName.has(name)));
    merged = { ...merged, ...given(step), targeting: [...own, ...added] };
    if (step.defaultRule) merged.defaultRule = mergedRule(merged.defaultRule ?? step.defaultRule, step.defaultRule);
    if (step.variations) merged.variations = { ...flag.variations, ...merged.variations, ...step.variations };
    if (step.experimentation)
      merged.experimentation = {
        start: step.experimentation.start ?? merged.experimentation?.start,
        end: step.experimentation.end ?? merged.experimentation?.end,
      };
  }
  return merged;
}

function given({ disable, trackEvents, version }: GoffStep): Partial<GoffFlag> {
  return {
    ...(disable !== undefined && { disable }),
    ...(trackEvents !== undefined && { trackEvents }),
    ...(version !== undefined && { version }),
  };
}

function mergedRule(rule: GoffRule, update: GoffRule): GoffRule {
  const merged: GoffRule = { ...rule };
  if (update.query !== undefined) merged.query = update.query;
  if (update.variation !== undefined) merged.variation = update.variation;
  if (update.progressiveRollout) {
    const { initial, end } = update.progressiveRollout;
    const before = rule.progressiveRollout;
    merged.progressiveRollout = {
      initial: withGiven(before?.initial, initial),
      end: withGiven(before?.end, end),
    };
  }
  if (update.percentage) {
    // Below nought takes a variation out.
    const all = { ...rule.percentage, ...update.percentage };
    merged.percentage = Object.fromEntries(
      Object.entries(all).filter(([name]) => (update.percentage?.[name] ?? 0) >= 0),
    );
  }
  return merged;
}

type Step = NonNullable<NonNullable<GoffRule['progressiveRollout']>['initial']>;

const withGiven = (before: Step | undefined, after: Step | undefined): Step => ({
  variation: after?.variation ?? before?.variation,
  percentage: after?.percentage ?? before?.percentage,
  date: after?.date ?? before?.date,
});

/** Everyone gets the code's default: switched off, or outside the window of its experiment. */
export function isOut({ disable, experimentation }: GoffFlag, now: number): boolean {
  const { start, end } = experimentation ?? {};
  return disable === true || (start !== undefined && now < start) || (end !== undefined && now > end);
}

/** What a rule hands out at a time (epoch ms). `by`: what users are told apart by. */
export function serveAt(rule: GoffRule, by: string, now: number): Serve {
  const { variation, percentage, progressiveRollout } = rule;
  if (progressiveRollout) return progressed(progressiveRollout, by, now);
  if (percentage && Object.keys(percentage).length > 0) {
    const weights = Object.entries(percentage).map(([variant, weight]) => ({ variant, weight }));
    return { kind: 'split', by, weights };
  }
  // What cannot be evaluated is an error, and that gets the code's default.
  return variation === undefined ? { kind: 'codeDefault' } : { kind: 'variant', variant: variation };
}

/**
 * Linear from the initial to the end percentage, by whole seconds; before it all get the initial variation. After its end
 * GO Feature Flag 1.50 goes on at the same pace until everybody has the variation of the end.
 */
function progressed({ initial, end }: NonNullable<GoffRule['progressiveRollout']>, by: string, now: number): Serve {
  const from = initial?.variation;
  const to = end?.variation;
  if (from === undefined || to === undefined || initial?.date === undefined || end?.date === undefined)
    return { kind: 'codeDefault' };
  if (end.date <= initial.date) return { kind: 'codeDefault' };
  if (now < initial.date) return { kind: 'variant', variant: from };
  const [first, last] = [seconds(initial.date), seconds(end.date)];
  const start = initial.percentage ?? 0;
  const stop = (end.percentage ?? 0) === 0 || (end.percentage ?? 0) > 100 ? 100 : (end.percentage ?? 100);
  if (last === first) return { kind: 'dynamic', words: 'progressiveRollout' };
  const share = start + ((stop - start) * (seconds(now) - first)) / (last - first);
  const reached = Math.min(100, Math.max(0, Math.floor(share * 1000 + 1e-6) / 1000));
  if (from === to || reached >= 100) return { kind: 'variant', variant: to };
  if (reached <= 0) return { kind: 'variant', variant: from };
  const rest = Math.round((100 - reached) * 1000) / 1000;
  return {
    kind: 'split',
    by,
    weights: [
      { variant: to, weight: reached },
      { variant: from, weight: rest },
    ],
  };
}

const seconds = (ms: number): number => Math.floor(ms / 1000);

/** Whether a flag serves something else by and by without anybody changing it. */
export function isTimed({ scheduledRollout = [], experimentation, defaultRule, targeting = [] }: GoffFlag): boolean {
  const rules = [defaultRule, ...targeting];
  return scheduledRollout.length > 0 || experimentation !== undefined || rules.some((rule) => rule?.progressiveRollout);
}
