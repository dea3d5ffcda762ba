import { setTimeout as sleep } from 'node:timers/promises';
import { VakthundError } from '../../base/errors.ts';
import { openLocalCase, type LocalCaseOptions } from '../local-case.ts';
import type { OwnedCase } from '../owned-case.ts';
import type { CaseService } from '../service.ts';
import { connectCase } from './client.ts';
import { serveCase } from './server.ts';

/** How long an owner may take to listen or to let go: it opens its tables first, and checkpoints last. */
const patienceMs = 20_000;

/**
 * The case in a folder: owned by this process (which then also answers others), or asked through the socket of the process
 * that owns it already. Callers cannot tell the difference.
 */
export async function openCase(options: LocalCaseOptions): Promise<CaseService> {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    try {
      return await ownCase(options);
    } catch (error) {
      if (!(error instanceof VakthundError) || error.code !== 'STORE_LOCKED') throw error;
      const remote = await connectCase(options.folder).catch(() => undefined);
      if (remote !== undefined) return remote;
      if (performance.now() > giveUpAt) throw error;
      await sleep(100);
    }
  }
}

/** The case as its owner, who also answers others. Throws `STORE_LOCKED` when another process owns it. */
export async function ownCase(options: LocalCaseOptions): Promise<OwnedCase> {
  const local = await openLocalCase(options);
  const server = await serveCase(local, options.folder);
  return {
    judgeAll: (request, rules, call) => local.judgeAll(request, rules, call),
    judgeNews: (request, call) => local.judgeNews(request, call),
    follow: (paths, call) => local.follow(paths, call),
    forget: (bound) => local.forget(bound),
    liveJudge: () => local.liveJudge(),
    investigate: (request, call) => local.investigate(request, call),
    join: (request, call) => local.join(request, call),
    reapply: () => local.reapply(),
    whatIf: (request, call) => local.whatIf(request, call),
    verdict: () => local.verdict(),
    query: (request, call) => local.query(request, call),
    exportQuery: (request, call) => local.exportQuery(request, call),
    huntRules: (request, call) => local.huntRules(request, call),
    explain: (sql) => local.explain(sql),
    retain: (olderThan) => local.retain(olderThan),
    async close() {
      await server.close();
      await local.close();
    },
  };
}
