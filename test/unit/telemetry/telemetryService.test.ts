import { expect, it } from 'vitest';
import { MemoryClock } from '../../../src/platform/memory/clock';
import { MemoryFiles } from '../../../src/platform/memory/files';
import { MemoryHash } from '../../../src/platform/memory/hash';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import { MemoryLog } from '../../../src/platform/memory/log';
import { memoryPaths } from '../../../src/platform/memory/paths';
import { TelemetryService } from '../../../src/telemetry/owner/telemetryService';

const never = () => Promise.reject(new Error('not reached'));

it('says why where the folder of the store cannot be made, and keeps nobody waiting for an owner', async () => {
  const files = new MemoryFiles();
  files.makeFolder = () => Promise.reject(new Error('read-only file system'));
  const service = new TelemetryService({
    clock: new MemoryClock(),
    files,
    paths: memoryPaths,
    hash: new MemoryHash(),
    log: new MemoryLog(),
    l10n: memoryL10n,
    listen: { http: never },
    compress: { gunzip: never },
    http: { request: never },
    pid: 1,
    answerFacts: never,
  });
  expect(service.isStarted).toBe(false);
  await expect(service.start({ home: '/home', address: '127.0.0.1', port: 4318, token: null })).rejects.toThrow();
  expect(service.isStarted).toBe(true);
  expect(service.status()).toMatchObject({ role: 'failed', problem: 'read-only file system' });
  const question = { environment: '', windowMinutes: 15, codePaths: [], overrides: {}, services: {}, flags: [] };
  await expect(service.facts(question, new AbortController().signal)).rejects.toThrow('read-only file system');
});
