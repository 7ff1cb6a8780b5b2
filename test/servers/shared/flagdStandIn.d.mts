import type { RunningFlagd, StartOf } from '../flagd.mjs';

export declare const standInNeeds: string;
export declare const standInHow: string;
export declare const standInVersion: string;
export declare function hasStandIn(): boolean;
export declare function installStandIn(): void;
export declare function startStandIn(of: StartOf): Promise<RunningFlagd>;
