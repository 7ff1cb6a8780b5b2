/** By which a change is found again in the audit log, and a request among the approvals: it is the plan's id. */
export const markOf = (planId: string): string => `[sightglass ${planId}]`;

const MOST = 1_000;

/** The audit comment: what was said with the change, then the mark. One line, bounded. */
export function commentOf(planId: string, said: string): string {
  const line = said.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return `${line.length > MOST ? `${line.slice(0, MOST - 1)}…` : line} ${markOf(planId)}`.trim();
}
