import type { BulkPlan } from '../../bulk.ts';
export function bulkSelect(_plan: BulkPlan, _route: number, _stagedPath: string, _evidenceId: number, _firstLine: number): { sql: string } {
  throw new Error('to come');
}
