import * as vscode from 'vscode';
import { FLAG_FILE_EXCLUDES } from '../flags/detect';
import type { Clock } from '../platform/clock';
import type { Files } from '../platform/files';
import type { Log } from '../platform/log';
import type { TelemetryEvents, TelemetryMethods } from '../telemetry/api';
import {
  manifestGlobs,
  mostManifestText,
  type FoldersByService,
  type Manifest,
} from '../telemetry/match/serviceManifests';
import type { SupervisedWorker } from './supervisedWorker';

const mostFiles = 300;
const goodForMs = 5 * 60_000;

/** Which services the workspace's compose files, Dockerfiles and packages build, read when telemetry is asked about. */
export class ServiceManifests {
  #folders: FoldersByService | undefined;
  #readAt: number | null = null;

  constructor(
    private readonly of: {
      readonly worker: SupervisedWorker<TelemetryMethods, TelemetryEvents>;
      readonly files: Files;
      readonly clock: Clock;
      readonly log: Log;
    },
  ) {}

  /** As far as read; reads anew, for the next time, what is older than five minutes. */
  get folders(): FoldersByService | undefined {
    const now = this.of.clock.monotonic();
    if (this.#readAt === null || now - this.#readAt > goodForMs) {
      this.#readAt = now;
      void this.#read();
    }
    return this.#folders;
  }

  async #read(): Promise<void> {
    try {
      const found = await vscode.workspace.findFiles(`{${manifestGlobs.join(',')}}`, FLAG_FILE_EXCLUDES, mostFiles);
      const manifests = await Promise.all(found.map((uri) => this.#manifest(uri)));
      this.#folders = await this.of.worker.call('builtFrom', { manifests: manifests.filter((one) => one !== null) });
    } catch (error) {
      this.of.log.warn(`Manifests of services were not searched: ${error instanceof Error ? error.message : ''}`);
    }
  }

  async #manifest(uri: vscode.Uri): Promise<Manifest | null> {
    try {
      const text = new TextDecoder().decode(await this.of.files.read(uri.fsPath, mostManifestText));
      return { path: vscode.workspace.asRelativePath(uri, false).replaceAll('\\', '/'), text };
    } catch {
      // Gone, or too large to be written by a person.
      return null;
    }
  }
}
