import * as vscode from 'vscode';
import type { DetectedFile } from '../flags/detect';
import type { L10n } from '../platform/l10n';
import { iconless, oneLine } from '../view/text';
import type { AdminType } from './adminServers';
import type { FlagDetection, FoundHint } from './flagDetection';
import { serverKind } from './serverKinds';
import { configurationName } from './writeConfiguration';

export type ConnectChoice =
  | { readonly kind: 'file'; readonly file: DetectedFile }
  /** An address where one was found; it is asked for all the same. */
  | { readonly kind: AdminType | 'sync' | 'goff'; readonly url: string | null }
  | { readonly kind: 'metrics' }
  /** An address of an environment that is configured. */
  | { readonly kind: 'ofrep' }
  | { readonly kind: 'open' };

export type ConnectItem = vscode.QuickPickItem & { readonly choice?: ConnectChoice };

/** What is connected already: absolute paths of flag files, and addresses. */
export interface Connected {
  readonly files: ReadonlySet<string>;
  readonly urls: ReadonlySet<string>;
  readonly configured: boolean;
}

/** What was found here first, what else there is below it. What is connected is not offered again. */
export function connectChoices(
  { files, hints }: Pick<FlagDetection, 'files' | 'hints'>,
  connected: Connected,
  l10n: L10n,
): ConnectItem[] {
  const { t } = l10n;
  const separator = (label: string): ConnectItem => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const open = hints.filter(({ url }) => url === null || !connected.urls.has(url));
  const found: ConnectItem[] = [
    ...open.filter(({ url }) => url !== null).map((hint) => hintItem(hint, l10n)),
    ...files.filter(({ path }) => !connected.files.has(path)).map((file) => fileItem(file, l10n)),
    // An import says which system, not where: an address found for it says more.
    ...open
      .filter(({ url, system }) => url === null && !hints.some((one) => one.system === system && one.url !== null))
      .map((hint) => hintItem(hint, l10n)),
  ];
  const others: ConnectItem[] = [
    { label: t('Unleash…'), description: t('its address and a token'), choice: { kind: 'unleash', url: null } },
    { label: t('LaunchDarkly…'), description: t('an access token'), choice: { kind: 'launchdarkly', url: null } },
    {
      label: t('GrowthBook…'),
      description: t('a personal access token or a secret key'),
      choice: { kind: 'growthbook', url: null },
    },
    {
      label: t('Flipt…'),
      description: t('its address, and a token where it wants one'),
      choice: { kind: 'flipt', url: null },
    },
    {
      label: t('flagd server…'),
      description: t('sync stream (grpc://) or definitions at a URL'),
      choice: { kind: 'sync', url: null },
    },
    {
      label: t('GO Feature Flag relay…'),
      description: t('its address, and a key where it wants one'),
      choice: { kind: 'goff', url: null },
    },
    {
      label: t('Metrics server…'),
      description: t('telemetry of Prometheus, Mimir, Thanos, VictoriaMetrics'),
      choice: { kind: 'metrics' },
    },
    ...(connected.configured
      ? [
          {
            label: t('OFREP server…'),
            description: t('where changes to flag files are verified'),
            choice: { kind: 'ofrep' } as const,
          },
        ]
      : []),
    ...(connected.configured
      ? [{ label: t('Open {0}', configurationName), description: t('edit by hand'), choice: { kind: 'open' } as const }]
      : []),
  ];
  return found.length > 0 ? [separator(t('Found here')), ...found, separator(t('Others')), ...others] : others;
}

function fileItem(file: DetectedFile, { t }: L10n): ConnectItem {
  return {
    label: iconless(vscode.workspace.asRelativePath(file.path)),
    description: describedFile(file, t),
    detail: iconless(file.keys.slice(0, 10).join(', ')),
    choice: { kind: 'file', file },
  };
}

function describedFile({ keys, type }: DetectedFile, t: L10n['t']): string {
  if (type === 'goff')
    return keys.length === 1 ? t('GO Feature Flag, 1 flag') : t('GO Feature Flag, {0} flags', keys.length);
  if (type === 'flipt') return keys.length === 1 ? t('Flipt, 1 flag') : t('Flipt, {0} flags', keys.length);
  return keys.length === 1 ? t('flagd, 1 flag') : t('flagd, {0} flags', keys.length);
}

function hintItem({ system, url, evidence, file }: FoundHint, { t }: L10n): ConnectItem {
  const what = oneLine(evidence, 60);
  const where = file === null ? t('imported: {0}', what) : t('{0} in {1}', what, oneLine(file, 80));
  return {
    label: system === 'flagd' ? t('flagd server') : serverKind(system).name,
    description: iconless(url === null ? where : oneLine(url, 100)),
    ...(url !== null && { detail: iconless(where) }),
    choice: { kind: system === 'flagd' ? 'sync' : system, url },
  };
}
