/**
 * OpenFeature's Remote Evaluation Protocol without an SDK: `POST <base>/ofrep/v1/evaluate/flags/{key}` (OFREP 0.2).
 * A URL that ends so names a flag; a template whose last hole follows it names the flag by that hole.
 */
export const ofrepPath = '/ofrep/v1/evaluate/flags/';
export const ofrep = { id: 'ofrep', title: 'OFREP' } as const;
