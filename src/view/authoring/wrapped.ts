/** Statements to be put under a condition, as whole lines. */
export interface Wrapping {
  /** As VS Code names it. */
  readonly language: string;
  /** Without their line ends. */
  readonly lines: readonly string[];
  /** Of these, by index, those that begin inside a text of the program. */
  readonly kept: ReadonlySet<number>;
  /** One step of indentation. */
  readonly unit: string;
  readonly before: string;
  readonly condition: string;
  /** Leaves room for what runs otherwise. */
  readonly otherwise: boolean;
  /** The file writes the brace that opens a block on a line of its own. */
  readonly braceBelow: boolean;
}

/** The lines with the condition around them, in the language's own syntax. */
export function wrapped({ language, lines, kept, unit, before, condition, otherwise, braceBelow }: Wrapping): string[] {
  const indent = /^[ \t]*/.exec(lines[0] ?? '')?.[0] ?? '';
  const inner = lines.map((line, at) => (kept.has(at) || line.trim() === '' ? line : unit + line));
  const { opens, closes, then } = signs(language, `${before}${condition}`, braceBelow);
  const put = (more: readonly string[]): string[] => more.map((line) => `${indent}${line}`);
  const room = language === 'python' ? [`${indent}${unit}pass`] : [];
  return [...put(opens), ...inner, ...(otherwise ? [...put(then), ...room] : []), ...put(closes)];
}

interface Signs {
  readonly opens: readonly string[];
  readonly then: readonly string[];
  readonly closes: readonly string[];
}

function signs(language: string, condition: string, braceBelow: boolean): Signs {
  switch (language) {
    case 'python':
      return { opens: [`if ${condition}:`], then: ['else:'], closes: [] };
    case 'ruby':
      return { opens: [`if ${condition}`], then: ['else'], closes: ['end'] };
    case 'go':
    case 'rust':
    case 'swift':
      return { opens: [`if ${condition} {`], then: ['} else {'], closes: ['}'] };
    default:
      return braceBelow
        ? { opens: [`if (${condition})`, '{'], then: ['}', 'else', '{'], closes: ['}'] }
        : { opens: [`if (${condition}) {`], then: ['} else {'], closes: ['}'] };
  }
}

/** One step of a file's indentation: a tab where lines of the selection or the file begin with one, else spaces. */
export function indentUnit(text: string, near: string): string {
  if (/^\t/m.test(near) || (!/^ /m.test(near) && /^\t/m.test(text))) return '\t';
  const steps = new Map<number, number>();
  let last = 0;
  for (const line of text.split('\n', 2_000)) {
    if (line.trim() === '' || /^\s*\*/.test(line)) continue;
    const width = /^ */.exec(line)?.[0].length ?? 0;
    const step = Math.abs(width - last);
    if (step > 1 && step <= 8) steps.set(step, (steps.get(step) ?? 0) + 1);
    last = width;
  }
  const [best] = [...steps].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  return ' '.repeat(best?.[0] ?? 2);
}

const control = '(?:if|for|foreach|while|switch|using|lock|catch)';

/**
 * Whether a file opens the blocks of its conditions on a line of their own more often than not; where it has none, those of
 * its functions tell in C#, whose files do both alike.
 */
export function opensBelow(text: string, language: string): boolean {
  const below = text.match(new RegExp(`^[ \\t]*${control}\\b.*\\)[ \\t]*\\r?\\n[ \\t]*\\{`, 'gm'))?.length ?? 0;
  const behind = text.match(new RegExp(`^[ \\t}]*${control}\\b.*\\)[ \\t]*\\{[ \\t]*\\r?$`, 'gm'))?.length ?? 0;
  if (below + behind > 0) return below > behind;
  return language === 'csharp' && /\)[ \t]*\r?\n[ \t]*\{/.test(text);
}
