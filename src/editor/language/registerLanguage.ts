import type { Flags } from '../../flags/api';
import { DisposableStack, type Disposable } from '../../platform/disposable';
import type { L10n } from '../../platform/l10n';
import type { Log } from '../../platform/log';
import type { ViewContext } from '../../view/input';
import type { Accessors } from '../authoring/accessors';
import { authoringActions } from '../authoring/authoringActions';
import type { CodeIndex } from '../codeIndex';
import { flagCallHierarchy } from './callHierarchy';
import { flagQuickFixes } from '../diagnostics/quickFixes';
import type { CodeQuestions } from './codeQuestions';
import { keyDefinitions } from './definition';
import { keyLinks } from './documentLinks';
import { evaluationSnippets } from './evaluationSnippets';
import { flagDocuments } from './flagDocuments';
import type { FlagPlaces } from './flagPlaces';
import { keyHighlights } from './highlights';
import { keyCompletion } from './keyCompletion';
import type { KeysAt } from './keysAt';
import { keyReferences } from './references';
import { keyRename } from './rename';
import { flagSymbols } from './workspaceSymbols';

export interface LanguageOf {
  readonly keys: KeysAt;
  readonly places: FlagPlaces;
  readonly questions: CodeQuestions;
  readonly code: CodeIndex;
  readonly accessors: Accessors;
  readonly flags: Flags;
  readonly l10n: L10n;
  readonly log: Log;
  readonly context: (path: string | null) => ViewContext;
}

/** Flags as symbols: all that VS Code asks of a language, answered from the index and the snapshots. */
export function registerLanguage(of: LanguageOf): Disposable {
  const held = new DisposableStack();
  for (const provider of [
    keyDefinitions,
    keyReferences,
    keyRename,
    flagSymbols,
    keyLinks,
    keyCompletion,
    evaluationSnippets,
    flagCallHierarchy,
    flagDocuments,
    authoringActions,
  ])
    held.add(provider(of));
  held.add(keyHighlights(of.keys));
  held.add(flagQuickFixes(of.l10n));
  held.add(of.accessors).start();
  return held;
}
