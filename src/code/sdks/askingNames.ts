import type { Sdk } from './callShape';

/** Names by which flags are asked for: methods, functions, markers, and calls that hand out all flags. */
export function askingNames(sdks: readonly Sdk[]): readonly string[] {
  const shapes = sdks.flatMap((sdk) => [...sdk.methods, ...sdk.functions, ...sdk.markers]);
  const bags = sdks.flatMap((sdk) => sdk.bags);
  return [...new Set([...shapes.flatMap((shape) => shape.names), ...bags.map((bag) => bag.name)])];
}
