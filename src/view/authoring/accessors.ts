/** Kinds of code that OpenFeature's command line writes (docs/commands of open-feature/cli), with what each asks for. */
export const accessorKinds = [
  { kind: 'nodejs', title: 'Node.js', named: null },
  { kind: 'react', title: 'React', named: null },
  { kind: 'nestjs', title: 'NestJS', named: null },
  { kind: 'angular', title: 'Angular', named: null },
  { kind: 'python', title: 'Python', named: null },
  { kind: 'go', title: 'Go', named: '--package-name' },
  { kind: 'java', title: 'Java', named: '--package-name' },
  { kind: 'csharp', title: 'C#', named: '--namespace' },
] as const;
export type AccessorKind = (typeof accessorKinds)[number];

/** Arguments of `openfeature` that write accessors of a manifest's flags; it asks nothing. Paths absolute. */
export function accessorArguments(of: {
  readonly kind: AccessorKind;
  readonly manifest: string;
  readonly output: string;
  /** The package or namespace; null: the command line's own. */
  readonly name: string | null;
}): readonly string[] {
  const { kind, manifest, output, name } = of;
  const named = kind.named !== null && name !== null && name !== '' ? [kind.named, name] : [];
  return ['generate', kind.kind, '--manifest', manifest, '--output', output, '--no-input', ...named];
}

/** Whether a text is a manifest of OpenFeature's: flags of which one at least says its `flagType`. */
export function isManifest(text: string): boolean {
  try {
    const read: unknown = JSON.parse(text);
    const flags = typeof read === 'object' && read !== null && 'flags' in read ? read.flags : null;
    if (typeof flags !== 'object' || flags === null) return false;
    return Object.values(flags as Readonly<Record<string, unknown>>).some(
      (flag) => typeof flag === 'object' && flag !== null && 'flagType' in flag && typeof flag.flagType === 'string',
    );
  } catch {
    return false;
  }
}
