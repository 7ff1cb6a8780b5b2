import {
  byFolder,
  ecmascript,
  folderOf,
  importOf,
  importPlace,
  isImported,
  isRequiring,
  lastImport,
  moduleBetween,
  samePackage,
  type Imported,
  type UsingFile,
} from './imports';

/**
 * What a file needs so that a name means there what it means in another one: a line, or nothing (`imported` null). Null:
 * that is not certain, as for what is declared where it is used, or where the name may mean something else already.
 */
export function headImport(
  target: UsingFile,
  source: UsingFile,
  head: string,
): { readonly imported: Imported | null } | null {
  if (head.startsWith('\\')) return { imported: null };
  if (!isImported(target.language)) return null;
  const line = importLine(target, source, head);
  const isCapital = /^\p{Lu}/u.test(head);
  if (line === null) return isCapital && isSeenWithout(target, source, head) ? { imported: null } : null;
  if (target.lines.some((own) => own.trim() === line.trim())) return { imported: null };
  if (target.lines.some((own) => namesIt(own, head)))
    // It may be imported together with others, from the same place.
    return importLine(target, target, head) === line ? { imported: null } : null;
  return { imported: placed(target, line) };
}

const namesIt = (line: string, head: string): boolean =>
  new RegExp(`(?<![\\p{L}\\p{N}_$.])${head.replaceAll('$', '\\$')}(?![\\p{L}\\p{N}_$])`, 'u').test(line);

/** Whether both files see a type as it is: by their folder, or because what no file asks for is loaded for all. */
function isSeenWithout(target: UsingFile, source: UsingFile, head: string): boolean {
  const { language } = target;
  const inner = new RegExp(`^\\s+.*\\b(?:class|enum|object|interface|struct|protocol|module)\\s+${head}\\b`);
  if (source.lines.some((line) => inner.test(line))) return false;
  if (language === 'ruby') return !source.lines.some((line) => /^\s*require_relative\b/.test(line));
  if (language === 'php') return samePackage(target, source) && source.lines.some((line) => /^namespace\s/.test(line));
  // What brings many names may bring this one.
  const many = source.lines.filter((line) => /^(?:using\s+(?!System\b)|import\s+(?:static\s+)?[\w.]+\.\*)/.test(line));
  if (!many.every((line) => target.lines.includes(line))) return false;
  const isBeside = folderOf(target.path) === folderOf(source.path);
  return byFolder.test(language) && isBeside && samePackage(target, source);
}

/** As `target` would write it. */
function importLine(target: UsingFile, source: UsingFile, head: string): string | null {
  const { language } = source;
  if (ecmascript.test(language)) return ofModule(target, source, head);
  const isBeside = folderOf(target.path) === folderOf(source.path);
  switch (language) {
    case 'python': {
      const found = fromPython(source, head);
      return found !== null && /^from\s+\./.test(found) && !isBeside ? null : found;
    }
    case 'go':
      return goImport(source, head);
    case 'rust': {
      const whole = new RegExp(`^use\\s+(?:crate|[a-z]\\w*)(?<!self|super)(?:::\\w+)*::${head};\\s*$`);
      return source.lines.find((line) => whole.test(line))?.trim() ?? null;
    }
    case 'java':
    case 'kotlin':
    case 'php':
      return importOf(source, head);
    default:
      return null;
  }
}

function fromPython({ lines }: UsingFile, head: string): string | null {
  for (const line of lines) {
    const from = /^from\s+([\w.]+)\s+import\s+([^#(]+)$/.exec(line.trimEnd());
    const named = from?.[2]?.split(',').map((one) => one.trim().split(/\s+as\s+/)) ?? [];
    const [name, alias] = named.find(([first, second]) => (second ?? first) === head) ?? [];
    if (from?.[1] !== undefined && name !== undefined)
      return `from ${from[1]} import ${name}${alias === undefined ? '' : ` as ${alias}`}`;
    if (line.trimEnd() === `import ${head}`) return `import ${head}`;
  }
  return null;
}

function goImport({ lines }: UsingFile, head: string): string | null {
  for (const line of lines.slice(0, lastImport({ path: '', lines, language: 'go' }) + 1)) {
    const [, alias, path] = /^\s*(?:import\s+)?(?:([\w.]+)\s+)?"([^"]+)"\s*$/.exec(line) ?? [];
    if (path !== undefined && (alias ?? path.slice(path.lastIndexOf('/') + 1)) === head)
      return `import ${alias === undefined ? '' : `${alias} `}"${path}"`;
  }
  return null;
}

/** `import { isOn } from './flags';` as another file writes it, with the path and the signs of this one. */
function ofModule(target: UsingFile, source: UsingFile, head: string): string | null {
  const text = source.lines.join('\n');
  for (const [, clause = '', , module = ''] of text.matchAll(
    /^import\s+(?!type\b)([^;'"]*?)\s+from\s+(["'])([^"']+)\2/gm,
  )) {
    const bound = boundBy(clause, head);
    if (bound === null) continue;
    if (isRequiring(target)) return null;
    const last = target.lines.find((line) => /^import\b.*from\s/.test(line)) ?? text.slice(text.indexOf('import'));
    const quote = /from\s+"/.test(last) ? '"' : "'";
    const end = /["'];/.test(last) ? ';' : '';
    const path = module.startsWith('.') ? seenFrom(target.path, source.path, module) : module;
    return `import ${bound} from ${quote}${path}${quote}${end}`;
  }
  return null;
}

function boundBy(clause: string, head: string): string | null {
  const named = /\{([^}]*)\}/.exec(clause)?.[1] ?? '';
  for (const one of named.split(',')) {
    const [name = '', alias] = one.trim().split(/\s+as\s+/);
    if ((alias ?? name) === head && !/^type\s/.test(name)) return `{ ${one.trim()} }`;
  }
  const others = clause
    .replace(/\{[^}]*\}/, '')
    .split(',')
    .map((one) => one.trim());
  return others.find((one) => one === head || one === `* as ${head}`) ?? null;
}

function seenFrom(target: string, source: string, module: string): string {
  const parts = source.split('/').slice(0, -1);
  for (const part of module.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return moduleBetween(target, parts.join('/'));
}

function placed(target: UsingFile, line: string): Imported {
  const behind = importPlace(target);
  // A block of Go's imports ends with its bracket.
  if (target.language === 'go' && target.lines[behind]?.trim() === ')')
    return { behind: behind - 1, line: `\t${line.replace(/^import\s+/, '')}` };
  return { behind, line };
}
