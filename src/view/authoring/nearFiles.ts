/** How many folders two paths share. */
export function nearness(a: string, b: string): number {
  const [one, other] = [a.split('/').slice(0, -1), b.split('/').slice(0, -1)];
  let same = 0;
  while (same < one.length && one[same] === other[same]) same++;
  return same * 100 - (one.length + other.length - 2 * same);
}

/** Files that read each other's constants, by the ending of their names. */
export function kindOf(path: string): string {
  const ending = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  return /^[cm]?[jt]sx?$/.test(ending) ? 'js' : ending;
}
