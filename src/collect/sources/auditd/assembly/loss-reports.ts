import type { Problem } from '../../../../base/problem.ts';
import { Fields } from '../records/fields.ts';
import { key } from '../records/keys.ts';
import { isDaemon } from '../records/types.ts';
import { integer } from '../records/values.ts';
import type { AuditEvent } from './assembler.ts';

const configChange = key('CONFIG_CHANGE');
const kernelType = key('KERNEL');
const lostKey = key('lost');
const auditLostKey = key('audit_lost');
const oldKey = key('old');

/** What the kernel and the daemon themselves say about lost events. */
export class LossReports {
  readonly #fields = new Fields();

  /**
   * `op=set lost=0 old=38` when the counter is set back, and `audit_lost=38` or `lost=38` of status messages, which
   * count on from the start of the machine.
   */
  see(event: AuditEvent, problems: Problem[]): void {
    for (const record of event.records) {
      const isStatus = record.type === configChange || record.type === kernelType || isDaemon(record.type);
      if (!isStatus) continue;
      this.#fields.read(record);
      const lost = integer(this.#fields, lostKey) ?? integer(this.#fields, auditLostKey);
      const before = lost === null ? null : integer(this.#fields, oldKey);
      const count = before ?? lost ?? 0;
      if (count <= 0) continue;
      problems.push({
        code: 'events-lost',
        at: { line: record.line },
        message: `the kernel counted ${count} lost audit events until this record`,
        count,
      });
    }
  }
}
