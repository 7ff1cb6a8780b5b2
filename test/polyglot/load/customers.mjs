// The same customers for every service: an id, and the cohort (0 to 99) that their account was put in, by which the
// flags' rules decide. Not by flagd's `fractional`: its implementations in several languages put the same id into
// different shares (README).

/** @typedef {{ id: string, cohort: number }} Customer */

/** @type {Customer[]} */
export const customers = Array.from({ length: 1000 }, (_, index) => ({
  id: `user-${index + 1}`,
  cohort: (index * 37) % 100,
}));
