import { messageOf } from '../base/errors.ts';
import type { Problem } from '../base/problem.ts';
import type { EnrichContext, Enricher } from '../collect/enricher.ts';
import { enrichers } from '../collect/enrich/registry.generated.ts';

/** Runs every enricher, those first whose tables others need. A failing one is told and does not stop the others. */
export async function enrich(context: EnrichContext, signal?: AbortSignal): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const enricher of inOrder(Object.values(enrichers))) {
    try {
      await enricher.run(context);
    } catch (error) {
      // What was stopped has not failed.
      signal?.throwIfAborted();
      context.logger.error({ enricher: enricher.id, error: messageOf(error) }, 'an enricher failed');
      problems.push({
        code: 'detector-failed',
        at: {},
        message: `enricher ${enricher.id} stopped: ${messageOf(error)}`,
      });
    }
  }
  return problems;
}

/** Orders enrichers by what they need and fill. */
function inOrder(list: readonly Enricher[]): Enricher[] {
  const rest = [...list];
  const ordered: Enricher[] = [];
  while (rest.length > 0) {
    const next = rest.findIndex((enricher) =>
      enricher.needs.every((table) => rest.every((other) => other === enricher || !other.fills.includes(table))),
    );
    // Enrichers that need each other run in name order rather than never.
    ordered.push(...rest.splice(Math.max(0, next), 1));
  }
  return ordered;
}
