import * as vscode from 'vscode';
import type { ChangesApi } from '../change/api';
import type { Flags } from '../flags/api';
import type { Clock } from '../platform/clock';
import type { L10n } from '../platform/l10n';
import type { Settings } from '../platform/settings';
import { inFlightKey, type SurfaceSettings, type ThemeKind, type ViewContext } from '../view/input';
import type { Choices } from './choices';
import type { FlagLookups } from './flagLookups';
import type { SignalFeed } from './signalFeed';
import { surfaceEnabled } from './surfaces/switchable';

export interface ViewContextOf {
  readonly flags: Flags;
  readonly lookups: FlagLookups;
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
    flags: of.lookups.seenFrom(path),
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
