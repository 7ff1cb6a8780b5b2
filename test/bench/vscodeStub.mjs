// The classes of VS Code that providers make their answers of, and registrations that keep what is registered: enough to
// ask our providers outside of it.
export class Position {
  constructor(line, character) {
    this.line = line;
    this.character = character;
  }
  compareTo(other) {
    return this.line - other.line || this.character - other.character;
  }
  translate(lines, characters) {
    return new Position(this.line + lines, this.character + characters);
  }
  with({ line = this.line, character = this.character }) {
    return new Position(line, character);
  }
}

export class Range {
  constructor(a, b, c, d) {
    this.start = typeof a === 'number' ? new Position(a, b) : a;
    this.end = typeof a === 'number' ? new Position(c, d) : b;
  }
  contains(position) {
    return this.start.compareTo(position) <= 0 && position.compareTo(this.end) <= 0;
  }
}

export class Uri {
  constructor(scheme, path, query = '') {
    this.scheme = scheme;
    this.path = path;
    this.query = query;
  }
  get fsPath() {
    return this.path;
  }
  toString() {
    return `${this.scheme}://${this.path}${this.query}`;
  }
  static file = (path) => new Uri('file', path);
  static from = ({ scheme, path, query }) => new Uri(scheme, path, query);
  static joinPath = (uri, ...parts) => new Uri(uri.scheme, [uri.path, ...parts].join('/'));
  static parse = (text) => new Uri(text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1));
}

const keeping = (...names) =>
  class {
    constructor(...given) {
      for (const [index, name] of names.entries()) this[name] = given[index];
    }
  };
export const Location = keeping('uri', 'range');
export const DocumentHighlight = keeping('range', 'kind');
export const DocumentLink = keeping('range', 'target');
export const SymbolInformation = keeping('name', 'kind', 'containerName', 'location');
export const CompletionItem = keeping('label', 'kind');
export const CompletionList = keeping('items', 'isIncomplete');
export const MarkdownString = keeping('value', 'supportThemeIcons');
export const Diagnostic = keeping('range', 'message', 'severity');
export const CodeAction = keeping('title', 'kind');
export const CallHierarchyItem = keeping('kind', 'name', 'detail', 'uri', 'range', 'selectionRange');
export const CallHierarchyIncomingCall = keeping('from', 'fromRanges');
export const DocumentHighlightKind = { Read: 1, Write: 2 };
export const SymbolKind = { Boolean: 16, String: 14, Number: 15, Object: 18, Constant: 13, Function: 11, File: 0 };
export const SymbolTag = { Deprecated: 1 };
export const CompletionItemKind = { Constant: 20, EnumMember: 19, Snippet: 26 };
class Kind {
  constructor(value) {
    this.value = value;
  }
  append(part) {
    return new Kind(`${this.value}.${part}`);
  }
}
export const CodeActionKind = {
  QuickFix: new Kind('quickfix'),
  Refactor: new Kind('refactor'),
  RefactorExtract: new Kind('refactor.extract'),
};
export const DiagnosticSeverity = { Error: 0, Warning: 1, Information: 2, Hint: 3 };
export const DiagnosticTag = { Unnecessary: 1, Deprecated: 2 };
export const CompletionItemTag = { Deprecated: 1 };

const nothing = { dispose: () => undefined };
export class EventEmitter {
  #heard = new Set();
  event = (listener) => {
    this.#heard.add(listener);
    return { dispose: () => this.#heard.delete(listener) };
  };
  fire(event) {
    for (const listener of this.#heard) listener(event);
  }
  dispose() {}
}
export const TreeItem = keeping('label', 'collapsibleState');
export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 };
export const ThemeIcon = keeping('id', 'color');
export const ThemeColor = keeping('id');
export const ColorThemeKind = { Light: 1, Dark: 2, HighContrast: 3, HighContrastLight: 4 };

/** What was registered, by the name of the registration: several each. */
export const registered = {};
export const languages = new Proxy(
  {},
  {
    get:
      (_, name) =>
      (...given) => {
        (registered[name] ??= []).push(
          given.find((one) => Object.values(one).some((value) => typeof value === 'function')),
        );
        return nothing;
      },
  },
);
export const workspace = {
  workspaceFolders: [],
  textDocuments: [],
  getWorkspaceFolder: ({ path }) => workspace.workspaceFolders.find(({ uri }) => path.startsWith(`${uri.path}/`)),
  registerTextDocumentContentProvider: () => nothing,
};
export const window = {
  onDidChangeTextEditorSelection: () => nothing,
  activeColorTheme: { kind: ColorThemeKind.Dark },
  createTreeView: () => ({ ...nothing, visible: true, onDidChangeVisibility: () => nothing }),
};
export const commands = { executeCommand: () => Promise.resolve() };
