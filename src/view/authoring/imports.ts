/** A file in which a name is to be used, or is used. Paths with `/`, relative to one folder. */
export interface UsingFile {
  readonly path: string;
  readonly lines: readonly string[];
  readonly language: string;
}

/** A line that a name needs, put behind this line of the file (0-based; -1: at its start). */
export interface Imported {
  readonly behind: number;
  readonly line: string;
}

export const ecmascript = /^(?:typescript|javascript)/;
/** Files of a folder see each other's names. */
export const byFolder = /^(?:java|kotlin|go|swift|csharp)$/;
const importing = /^(?:import\b|from\s+\S+\s+import\b|use\s|using\s|(?:const|var)\s.*=\s*require\()/;

/** Languages of which it is known how a name of another file is brought in. */
export const isImported = (language: string): boolean =>
  ecmascript.test(language) || byFolder.test(language) || /^(?:python|rust|php|ruby)$/.test(language);

export const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

/** A module's path as another file of the folder imports it. */
export function moduleBetween(from: string, to: string): string {
  const [own, other] = [from.split('/').slice(0, -1), to.split('/')];
  let same = 0;
  while (same < own.length && own[same] === other[same]) same++;
  const up = own.slice(same).map(() => '..');
  return [...(up.length === 0 ? ['.'] : up), ...other.slice(same)].join('/');
}

/** Whether both say the same package or namespace, or none. */
export function samePackage(a: UsingFile, b: UsingFile): boolean {
  const packageOf = ({ lines }: UsingFile): string =>
    lines
      .find((line) => /^\s*(?:package|namespace)\s/.test(line))
      ?.replace(/[;{\s]+$/, '')
      .trim() ?? '';
  return packageOf(a) === packageOf(b);
}

/** The line of a file that imports a name and nothing else by it. */
export function importOf({ lines }: UsingFile, head: string): string | null {
  const whole = new RegExp(
    `^(?:from\\s+[\\w.]+\\s+import\\s+${head}|import\\s+(?:static\\s+)?[\\w.]+\\.${head};?|use\\s+[\\w\\\\]+\\\\${head};)\\s*$`,
  );
  return lines.find((line) => whole.test(line)) ?? null;
}

/** The last line of the imports at the head of a file; -1: none. */
export function lastImport({ lines }: UsingFile): number {
  let last = -1;
  let open = false;
  for (const [at, line] of lines.entries()) {
    if (open || importing.test(line)) {
      last = at;
      const starts = importing.test(line);
      if (starts) open = /[{(][^})]*$/.test(line);
      else if (/[})]/.test(line)) open = false;
    } else if (/^(?:package|namespace)\s/.test(line)) last = at;
    else if (at > 400) break;
  }
  return last;
}

/** Whether a file's modules are required, where another line of `import` would be none of it. */
export const isRequiring = ({ lines }: UsingFile): boolean =>
  !lines.some((line) => /^import\b/.test(line)) && lines.some((line) => /\brequire\(|module\.exports/.test(line));

/** Behind which line another import goes: the last one, else what has to stand at the head of a file; -1: its start. */
export function importPlace(file: UsingFile): number {
  const last = lastImport(file);
  if (last >= 0) return last;
  const { lines } = file;
  let behind = -1;
  let until: string | null = null;
  for (const [at, line] of lines.entries()) {
    const text = line.trim();
    const opened: string | undefined = /^(?:\/\*|"{3}|'{3})/.exec(text)?.[0];
    if (until !== null) {
      if (text.includes(until)) until = null;
    } else if (opened !== undefined) {
      const closing = opened === '/*' ? '*/' : opened;
      if (!text.slice(opened.length).includes(closing)) until = closing;
    } else if (!/^(?:<\?php|#|\/\/|["']use [\w ]+["'];?$|declare\()/.test(text)) {
      break;
    }
    behind = at;
  }
  return behind;
}
