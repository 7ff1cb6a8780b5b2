import * as vscode from 'vscode';
import type { ChangesApi } from '../change/api';
import type { Flags, StoreProject } from '../flags/api';
import { lastKnown } from '../model/answer';
import type { Clock } from '../platform/clock';
import type { L10n } from '../platform/l10n';
import type { Settings } from '../platform/settings';
import {
  inFlightKey,
  type FlagLookup,
  type ProjectAnswer,
  type SurfaceSettings,
  type ThemeKind,
  type ViewContext,
} from '../view/input';
import type { Choices } from './choices';
import type { SignalFeed } from './signalFeed';
import { surfaceEnabled } from './surfaces/switchable';

export interface ViewContextOf {
  readonly flags: Flags;
  readonly feed: SignalFeed;
  readonly changes: ChangesApi;
  readonly choices: Choices;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly l10n: L10n;
}

/** Everything the surfaces are decided from but for the file, as it is now. `path`: where keys are resolved; null = everywhere. */
export function viewContext(of: ViewContextOf, path: string | null): ViewContext {
  return {
    flags: path === null ? everywhere(of.flags) : seenFrom(of.flags, path),
    signals: (telemetryName) => of.feed.answer(telemetryName),
    environment: of.choices.environment?.name ?? null,
    windowMinutes: of.choices.windowMinutes,
    now: of.clock.now(),
    l10n: of.l10n,
    theme: themeKind(),
    inFlight: new Map(
      of.changes.inFlightAll.map(({ ref, environment, words }) => [inFlightKey(ref, environment), words]),
    ),
  };
}

export function surfaceSettings({ settings, choices }: Pick<ViewContextOf, 'settings' | 'choices'>): SurfaceSettings {
  const gutter = surfaceEnabled(settings, 'gutter');
  return {
    // With VS Code's own inlay hints off, the lens carries the facts.
    inlineFacts:
      surfaceEnabled(settings, 'inlayHints') &&
      vscode.workspace.getConfiguration('editor').get<string>('inlayHints.enabled') !== 'off',
    codeLens: surfaceEnabled(settings, 'codeLens'),
    gutter,
    ruler: gutter,
    hover: surfaceEnabled(settings, 'hover'),
    statusBar: surfaceEnabled(settings, 'statusBar'),
    dimming: choices.dimmed,
  };
}

function themeKind(): ThemeKind {
  switch (vscode.window.activeColorTheme.kind) {
    case vscode.ColorThemeKind.Light:
      return 'light';
    case vscode.ColorThemeKind.HighContrast:
      return 'highContrast';
    case vscode.ColorThemeKind.HighContrastLight:
      return 'highContrastLight';
    case vscode.ColorThemeKind.Dark:
      return 'dark';
  }
}

function seenFrom(flags: Flags, path: string): FlagLookup {
  return {
    projects: flags
      .projects()
      .filter(({ folders }) => folders.some((folder) => isInside(folder, path)))
      .map(projectAnswer),
    resolve: (key) => flags.resolve(key, path).map(({ flag }) => flag),
    nearest: (key) => flags.nearestKey(key, path),
    matching: (pattern) => flags.keysFor(path).filter(globMatcher(pattern)),
    environments: (ref) => flags.environmentsFor(ref),
  };
}

function everywhere(flags: Flags): FlagLookup {
  const snapshots = (project: StoreProject) => lastKnown(project.answer)?.value.flags ?? [];
  return {
    projects: flags.projects().map(projectAnswer),
    resolve: (key) => flags.projects().flatMap((project) => snapshots(project).filter(({ ref }) => ref.key === key)),
    nearest: () => null,
    matching: (pattern) => {
      const matches = globMatcher(pattern);
      const keys = flags.projects().flatMap((project) => snapshots(project).map(({ ref }) => ref.key));
      return [...new Set(keys.filter(matches))].sort();
    },
    environments: (ref) => flags.environmentsFor(ref),
  };
}

function projectAnswer({ system, systemType, config, answer }: StoreProject): ProjectAnswer {
  return { system, systemType, project: config.name, answer };
}

function isInside(folder: string, path: string): boolean {
  return (
    path === folder ||
    path.startsWith(folder.endsWith('/') || folder.endsWith('\\') ? folder : `${folder}${separatorOf(folder)}`)
  );
}

function separatorOf(path: string): string {
  return path.includes('\\') && !path.includes('/') ? '\\' : '/';
}

/** The finder's patterns know `*` only; everything else stands for itself. Linear, whatever the pattern. */
function globMatcher(pattern: string): (key: string) => boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return (key) => key === first;
  return (key) => {
    if (!key.startsWith(first) || !key.endsWith(last) || key.length < first.length + last.length) return false;
    let from = first.length;
    for (const part of rest) {
      const at = key.indexOf(part, from);
      if (at === -1) return false;
      from = at + part.length;
    }
    return from <= key.length - last.length;
  };
}
