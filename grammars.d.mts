export declare const grammarFile: (name: string) => string;
export declare const grammarNames: readonly string[];
export declare function installedGrammar(name: string): string;
export declare function isGrammarInstalled(name: string): boolean;
export declare const runtimeFiles: readonly string[];
export declare function installedRuntime(name: string): string;
