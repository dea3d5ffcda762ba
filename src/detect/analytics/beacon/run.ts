import type { AnalyticContext } from '../../analytic.ts';
import type { Entity } from '../../../events/entity.ts';
import type { Finding } from '../../../events/finding.ts';
import { microsPerMinute } from '../../../base/time.ts';
import { readHistory, type History } from '../../pairs/youth.ts';
import { addressChannels } from './address-calls.ts';
import { endsOf, findRhythm, toChannels, type Channel, type Rhythm } from './channel.ts';
import { findCompanions, judgeAddress, type Companions } from './companions.ts';
import { toFinding } from './finding.ts';
import { nameChannels } from './name-calls.ts';
import { readCalls } from './read-calls.ts';
import { isUnbroken } from './measure.ts';
import { scoreChannel, pollerChannels, type Surroundings } from './score.ts';
import type { BeaconSettings } from './settings.ts';

type Context = AnalyticContext<BeaconSettings>;

/** Our own score: regular channels first, then what the rest of the store says about each. Strongest first. */
export async function findBeacons(context: Context): Promise<Finding[]> {
  const history = await readHistory(context.store);
  const named = await regularChannels(context, history, true);
  const addressed = (await regularChannels(context, history, false)).filter(
    (channel) => !context.networks.isGroup(channel.destination) && !isResolver(context, channel),
  );
  const all = [...named, ...addressed];
  if (all.length === 0) return [];
  const companions = await findCompanions(context, all);
  const perSource = countBy(all, (channel) => channel.source);
  const unbrokenPerSource = countBy(
    all.filter(({ measurement }) => isUnbroken(measurement)),
    (channel) => channel.source,
  );
  const isInternalChannel = isInside(context, companions);
  const perSourceInside = countBy(all.filter(isInternalChannel), (channel) => channel.source);
  const regularNames = new Set(named.map((channel) => endsOf(channel.source, channel.destination)));
  const findings: Finding[] = [];
  for (const channel of all) {
    const isInternal = isInternalChannel(channel);
    if (isInternal && (perSourceInside.get(channel.source) ?? 0) > insidePollerChannels) continue;
    const judged = channel.isName ? undefined : judgeAddress(channel, companions, regularNames);
    if (judged?.isCovered === true) continue;
    const around: Surroundings = {
      ...history,
      isInternal,
      domainHosts: companions.domainHosts.get(channel.destination),
      channelsOfSource: perSource.get(channel.source) ?? 1,
      unbrokenOfSource: unbrokenPerSource.get(channel.source) ?? 0,
    };
    const score = scoreChannel(channel, around);
    if (score.value < context.settings.min_score) continue;
    findings.push(toFinding(channel, score, around, companionEntities(channel, companions, judged?.name)));
  }
  return findings.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1)).slice(0, context.settings.max_findings);
}

/** A host that polls more inside destinations than this is a monitor, and none of them is told. */
const insidePollerChannels = Math.floor(pollerChannels / 2);

/** Channels held at once; beyond that the weaker half goes. A network of honest hosts stays far below it. */
const maxChannels = 10_000;

async function regularChannels(context: Context, history: History, isName: boolean): Promise<Channel[]> {
  const { store, settings, logger } = context;
  const stored = history.historyEnd - history.historyStart;
  const minSpanMicros = Math.min(settings.min_span_minutes * microsPerMinute, stored / 2);
  const sql = isName ? nameChannels(context, minSpanMicros) : addressChannels(context, minSpanMicros);
  return store.withTables([{ name: 'candidate', sql: sql.candidates }], async (tables) => {
    let rhythms: Rhythm[] = [];
    await readCalls(tables, sql.calls, settings.max_calls_per_pair, (calls) => {
      const rhythm = findRhythm(calls, settings);
      if (rhythm !== undefined) rhythms.push(rhythm);
      if (rhythms.length < maxChannels) return;
      logger.warn({ kept: maxChannels / 2 }, 'too many regular channels: the less regular half is left out');
      rhythms = rhythms
        .sort((a, b) => b.measurement.regularity.information - a.measurement.regularity.information)
        .slice(0, maxChannels / 2);
    });
    return toChannels(tables, rhythms, isName);
  });
}

/** Hosts ask their own resolver at whatever pace their programs have; names that carry data are another analytic's. */
function isResolver({ networks }: Context, { port, destination }: Channel): boolean {
  return port === 53 && networks.isLocal(destination);
}

/** An address of ours, or a name whose calls all went to addresses of ours. Behind a proxy nobody can tell. */
function isInside({ networks }: Context, companions: Companions): (channel: Channel) => boolean {
  return ({ isProxied, isName, source, destination }) => {
    if (isProxied) return false;
    if (!isName) return networks.isLocal(destination);
    const addresses = companions.addresses.get(endsOf(source, destination)) ?? [];
    return addresses.length > 0 && addresses.every((address) => networks.isLocal(address));
  };
}

function countBy(channels: readonly Channel[], key: (channel: Channel) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const channel of channels) counts.set(key(channel), (counts.get(key(channel)) ?? 0) + 1);
  return counts;
}

/** The other names of the far side: addresses of a name, the name of an address. */
function companionEntities(channel: Channel, companions: Companions, name: string | undefined): Entity[] {
  if (name !== undefined) return [{ kind: 'domain', value: name }];
  if (!channel.isName || channel.isProxied) return [];
  const addresses = companions.addresses.get(endsOf(channel.source, channel.destination)) ?? [];
  return addresses.filter((address) => address !== channel.destination).map((value) => ({ kind: 'address', value }));
}
