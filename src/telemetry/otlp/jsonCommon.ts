import * as z from 'zod';
import { wantsResourceAttribute, type Scalar } from './attributes';
import { cut } from './bounds';
import type { ResourceRecord } from './record';
import { resourceOf } from './resource';
import { packHex } from './traceIds';

/**
 * OTLP/JSON (opentelemetry-proto docs/specification.md): lowerCamelCase, ids in hex, enums as integers, 64-bit numbers
 * as strings or numbers, unknown members ignored. Members are looked at one by one; a schema for each span would
 * cost more than all the rest.
 */
export type Members = Readonly<Record<string, unknown>>;

export const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A number, or a string of one (int64); 0 for anything else. */
export function numberOf(value: unknown): number {
  const read = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) ? read : 0;
}

/** Whole seconds and nanoseconds of a fixed64 time; undefined when it is none or nought. */
export function timeOf(value: unknown): { readonly seconds: number; readonly nanos: number } | undefined {
  if (typeof value === 'number') {
    if (!Number.isFinite(value) || value <= 0) return undefined;
    const seconds = Math.floor(value / 1e9);
    return { seconds, nanos: value - seconds * 1e9 };
  }
  if (typeof value !== 'string' || value.length > 20 || !/^\d+$/.test(value)) return undefined;
  const split = Math.max(value.length - 9, 0);
  const time = { seconds: Number(value.slice(0, split)), nanos: Number(value.slice(split)) };
  return time.seconds === 0 && time.nanos === 0 ? undefined : time;
}

export const millisecondsOf = (time: { readonly seconds: number; readonly nanos: number } | undefined): number =>
  time ? time.seconds * 1000 + time.nanos / 1e6 : 0;

/** A required id: packed, undefined when invalid. */
export const idOf = (value: unknown, bytes: 8 | 16): string | undefined =>
  typeof value === 'string' ? packHex(value, bytes) : undefined;

/** An id that may be missing or empty: '' then. */
export const optionalIdOf = (value: unknown, bytes: 8 | 16): string | undefined =>
  value === undefined || value === null || value === '' ? '' : idOf(value, bytes);

/** Hands on the attributes whose key is wanted and whose value is a scalar. */
export function eachAttribute(
  attributes: unknown,
  wants: (key: string) => boolean,
  set: (key: string, value: Scalar) => void,
): void {
  for (const attribute of listOf(attributes)) {
    if (!isMembers(attribute)) continue;
    const { key, value } = attribute;
    if (typeof key !== 'string' || !wants(key) || !isMembers(value)) continue;
    const scalar = scalarOf(value);
    if (scalar !== undefined) set(key, scalar);
  }
}

function scalarOf(value: Members): Scalar | undefined {
  if (typeof value.stringValue === 'string') return value.stringValue;
  if (typeof value.boolValue === 'boolean') return value.boolValue;
  const number = value.intValue ?? value.doubleValue;
  if (typeof number === 'number') return number;
  return typeof number === 'string' && number !== '' && Number.isFinite(Number(number)) ? Number(number) : undefined;
}

export function resourceFrom(resource: unknown): ResourceRecord {
  const attributes = new Map<string, Scalar>();
  if (isMembers(resource))
    eachAttribute(resource.attributes, wantsResourceAttribute, (key, value) => attributes.set(key, value));
  return resourceOf(attributes);
}

export const scopeFrom = (scope: unknown): string => (isMembers(scope) ? cut(textOf(scope.name)) : '');

/** The envelope of one signal; a group that is no object makes the whole request bad, an item that is none only itself. */
const groupsSchema = z.array(z.looseObject({})).default([]);
export const tracesSchema = z.object({ resourceSpans: groupsSchema });
export const logsSchema = z.object({ resourceLogs: groupsSchema });
