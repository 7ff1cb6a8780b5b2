import * as vscode from 'vscode';
import type { Flags, ResolvedFlag } from '../flags/api';
import type { Environment, FlagState } from '../model/flag';
import { environmentId, flagId, type EnvironmentRef, type FlagRef } from '../model/identity';
import type { Reference } from '../model/reference';
import type { L10n } from '../platform/l10n';
import type { FrontDocument } from './frontDocument';
import type { Choices } from './choices';
import type { CodeIndex } from './codeIndex';
import type { Proposal } from './proposal';
import { iconless, linkless, oneLine, quoted } from '../view/text';

/** A flag in one environment, with the state the reader is shown. */
export interface FlagTarget {
  readonly flag: ResolvedFlag;
  readonly environment: Environment;
  readonly state: FlagState;
}

/**
 * Finds out which flag and environment are meant: by the proposal, else by the cursor, else by asking. undefined = the
 * person gave up.
 */
export class FlagPick {
  constructor(
    private readonly of: {
      readonly flags: Flags;
      readonly code: CodeIndex;
      readonly choices: Choices;
      readonly front: FrontDocument;
      readonly l10n: L10n;
      /** The inline fact of a flag without its key, and whether it regresses. */
      describe(ref: FlagRef): { readonly text: string; readonly regressing: boolean };
    },
  ) {}

  async flag(proposal: Proposal): Promise<ResolvedFlag | undefined> {
    const { flags, l10n } = this.of;
    if (proposal.ref) {
      const proposed = flags.flag(proposal.ref);
      // Never another one instead: what was clicked may be gone, and what is at the cursor was not meant.
      if (!proposed) this.#tell(l10n.t('The flag {0} is not known here any more.', quoted(proposal.ref.key)));
      return proposed;
    }
    const here = this.atCursor();
    if (here.length === 1) return here[0];
    return this.#pick(here.length > 1 ? here : this.#all(), here.length > 1 ? [] : this.inFile());
  }

  async target(proposal: Proposal): Promise<FlagTarget | undefined> {
    const flag = await this.flag(proposal);
    return flag && this.environmentOf(flag, proposal.environment);
  }

  /** The environment proposed or chosen; asked for when there are several and none of them is. */
  async environmentOf(flag: ResolvedFlag, proposed: EnvironmentRef | undefined): Promise<FlagTarget | undefined> {
    const { flags, choices, l10n } = this.of;
    const targets = flag.environments.flatMap((environment): FlagTarget[] => {
      const state = flags.state(flag.flag.ref, environment.ref);
      return state ? [{ flag, environment, state }] : [];
    });
    const wanted = proposed ? environmentId(proposed) : undefined;
    const byProposal = targets.find(({ environment }) => environmentId(environment.ref) === wanted);
    const byChoice = targets.find(({ environment }) => environment.ref.name === choices.environment?.name);
    const only = targets.length === 1 ? targets[0] : undefined;
    const found = proposed ? byProposal : (byChoice ?? only);
    if (found) return found;
    if (proposed) {
      const [name, key] = [quoted(proposed.name), quoted(flag.flag.ref.key)];
      this.#tell(l10n.t('There is no environment {0} of {1} any more.', name, key));
      return undefined;
    }
    const picked = await vscode.window.showQuickPick(
      targets.map((target) => ({
        label: iconless(target.environment.ref.name),
        description: iconless(target.environment.sourceName),
        target,
      })),
      { title: flag.flag.ref.key, placeHolder: l10n.t('In which environment?') },
    );
    return picked?.target;
  }

  /** Flags that the reference at the cursor can mean. */
  atCursor(): readonly ResolvedFlag[] {
    const editor = vscode.window.activeTextEditor;
    const reference = editor && this.referenceAt(editor.document, editor.selection.active);
    return editor && reference ? this.#resolve(reference, editor.document) : [];
  }

  referenceAt(document: vscode.TextDocument, position: vscode.Position): Reference | undefined {
    const line = position.line + 1;
    const all = this.of.code.facts(document)?.references ?? [];
    const column = position.character + 1;
    return (
      all.find(
        (one) => one.line === line && one.column <= column && column <= one.column + (one.key?.length ?? 0) + 2,
      ) ?? all.find((one) => one.line <= line && line <= one.endLine)
    );
  }

  inFile(): readonly ResolvedFlag[] {
    const document = this.of.front.current;
    if (!document) return [];
    const found = (this.of.code.facts(document)?.references ?? []).flatMap((one) => this.#resolve(one, document));
    return [...new Map(found.map((one) => [flagId(one.flag.ref), one])).values()];
  }

  #resolve(reference: Reference, document: vscode.TextDocument): readonly ResolvedFlag[] {
    return reference.key === null ? [] : this.of.flags.resolve(reference.key, document.uri.fsPath);
  }

  #all(): readonly ResolvedFlag[] {
    const { flags } = this.of;
    return flags.projects().flatMap(({ answer }) => {
      const snapshot = 'value' in answer ? answer.value : 'last' in answer ? answer.last?.value : undefined;
      return (snapshot?.flags ?? []).flatMap((flag) => flags.flag(flag.ref) ?? []);
    });
  }

  #tell(words: string): void {
    void vscode.window.showWarningMessage(linkless(words));
  }

  /** Regressing ones first, then the file's, then the rest by key. */
  async #pick(all: readonly ResolvedFlag[], inFile: readonly ResolvedFlag[]): Promise<ResolvedFlag | undefined> {
    const { l10n } = this.of;
    const near = new Set(inFile.map((one) => flagId(one.flag.ref)));
    const rank = (item: { regressing: boolean; flag: ResolvedFlag }): number =>
      item.regressing ? 0 : near.has(flagId(item.flag.flag.ref)) ? 1 : 2;
    const items = all
      .map((flag) => {
        const { text, regressing } = this.of.describe(flag.flag.ref);
        return {
          label: iconless(flag.flag.ref.key),
          description: iconless(text),
          detail: iconless(oneLine(flag.flag.name ?? flag.flag.description ?? '')),
          regressing,
          flag,
        };
      })
      .sort((a, b) => rank(a) - rank(b) || (a.label < b.label ? -1 : 1));
    if (items.length === 0) {
      void vscode.window.showInformationMessage(l10n.t('No flag is known here. Connect a flag system first.'));
      return undefined;
    }
    const picked = await vscode.window.showQuickPick(items, {
      placeHolder: l10n.t('Which flag?'),
      matchOnDescription: true,
    });
    return picked?.flag;
  }
}
