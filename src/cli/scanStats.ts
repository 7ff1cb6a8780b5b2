import type { IndexSummary } from '../code/api';
import { oneLine } from '../view/text';

/** Lines of `--stats`: how much was looked at, how long each part took, how much memory it took at most. */
export function statsOf({ files, candidates, parsed, milliseconds, phases, engine, unread }: IndexSummary): string {
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
  // Node gives kilobytes on every platform.
  const peak = process.resourceUsage().maxRSS / 1024;
  return [
    `${files} files, ${candidates} candidates, ${parsed} parsed (${engine})`,
    `search ${seconds(phases.search)}, read ${seconds(phases.read)}, follow names ${seconds(phases.link)}, all ${seconds(milliseconds)}`,
    `peak memory ${peak.toFixed(0)} MB`,
    ...(unread
      ? [`${unread.count} not read:`, ...unread.first.map(({ path, why }) => `  ${oneLine(path)}: ${oneLine(why)}`)]
      : []),
    '',
  ].join('\n');
}
