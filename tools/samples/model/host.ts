import type { Micros } from '../../../src/base/time.ts';
import type { StepId } from '../intrusion/steps.ts';

/** One event of the Linux audit system: the records that share a time and a serial number. */
export interface AuditEvent {
  readonly time: Micros;
  readonly records: readonly AuditRecord[];
  readonly step: StepId | undefined;
}

export interface AuditRecord {
  readonly type: string;
  /** What stands after `msg=audit(…): `. */
  readonly body: string;
  /** What auditd adds in the ENRICHED format, without the separator; empty when it adds nothing. */
  readonly enrichment: string;
}

/** One line of Falco's JSON output. */
export interface FalcoAlert {
  readonly time: Micros;
  readonly rule: string;
  readonly priority: string;
  readonly tags: readonly string[];
  /** First part of the output line, before the fields. */
  readonly message: string;
  /** Fields in the order of the rule's output: its label there, the name of the field, the value. */
  readonly fields: readonly FalcoField[];
  readonly container: boolean;
  readonly step: StepId | undefined;
}

export type FalcoField = readonly [label: string, name: string, value: string | number | null];

/** One line that the web shop's container wrote. */
export interface ContainerLine {
  readonly time: Micros;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
  readonly step: StepId | undefined;
}
