import { describe, expect, it } from 'vitest';
import { commandOnPath } from '../../../src/platform/node/ripgrepLadder';
import { accessorArguments, accessorKinds, isManifest } from '../../../src/view/authoring/accessors';

const kindOf = (name: string): (typeof accessorKinds)[number] => accessorKinds.find(({ kind }) => kind === name)!;
const paths = { manifest: '/shop/flags.json', output: '/shop/src/flags' };

describe("typed accessors by OpenFeature's command line", () => {
  it('are written without asking, from the manifest to the folder that was chosen', () => {
    expect(accessorArguments({ ...paths, kind: kindOf('react'), name: 'ignored' })).toEqual(
      'generate react --manifest /shop/flags.json --output /shop/src/flags --no-input'.split(' '),
    );
    expect(accessorArguments({ ...paths, kind: kindOf('go'), name: 'flags' }).slice(-2)).toEqual([
      '--package-name',
      'flags',
    ]);
    expect(accessorArguments({ ...paths, kind: kindOf('csharp'), name: '' }).at(-1)).toBe('--no-input');
  });

  it('are of a manifest, which a flag file of flagd of the same name is not', () => {
    expect(isManifest('{"flags":{"a":{"flagType":"boolean","defaultValue":false}}}')).toBe(true);
    expect(isManifest('{"flags":{"a":{"state":"ENABLED","variants":{}}}}')).toBe(false);
    for (const bad of ['', 'null', '[]', '{"flags":null}', '{"flags":[1]}', '{']) expect(isManifest(bad)).toBe(false);
  });

  it('are written by what PATH names absolutely', () => {
    expect(commandOnPath('openfeature', '/usr/bin::bin:/opt/of', 'linux')).toEqual([
      '/usr/bin/openfeature',
      '/opt/of/openfeature',
    ]);
    expect(commandOnPath('openfeature', 'C:\\of;.', 'win32')).toEqual(['C:\\of\\openfeature.exe']);
  });
});
