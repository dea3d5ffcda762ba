import type { IndicatorKind } from '../format.ts';

/** A value in the one spelling under which it is kept and matched. */
export interface NormalValue {
  readonly kind: IndicatorKind;
  readonly value: string;
  /** Port that the list wrote beside the value. It takes no part in matching. */
  readonly port: number | undefined;
}

/** A value, or the reason why it is none, as the end of the sentence `"x" …`. */
export type Normalised = NormalValue | string;

/** Longest value that is kept. A list chooses the length; no address, name or usual URL comes near. */
export const maxValueLength = 2048;

export function normalValue(kind: IndicatorKind, value: string, port?: number): NormalValue {
  return { kind, value, port };
}

/** `8080` to a number; undefined when it is no port. */
export function parsePort(text: string): number | undefined {
  if (!/^\d{1,5}$/.test(text)) return undefined;
  const port = Number(text);
  return port > 0 && port <= 65_535 ? port : undefined;
}
