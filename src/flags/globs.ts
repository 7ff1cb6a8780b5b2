/** `*`: anything within a segment, `**`: across segments, `?`: one character. Case counts unless asked otherwise. */
export function globPattern(glob: string, flags: '' | 'i' = ''): RegExp {
  const source = glob
    .split(/(\*\*\/|\*\*|\*|\?)/)
    .map((part) => {
      if (part === '**/') return '(?:.*/)?';
      if (part === '**') return '.*';
      if (part === '*') return '[^/]*';
      if (part === '?') return '[^/]';
      return part.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    })
    .join('');
  return new RegExp(`^${source}$`, flags);
}

export const isGlob = (text: string): boolean => /[*?]/.test(text);
