import { parseIp } from '../../../base/ip.ts';
import type { Reason } from '../../../events/finding.ts';
import { commonHosts, rarityOf } from '../../pairs/rarity.ts';
import { prevalenceText, roundedReasons, sumOfReasons } from '../../pairs/reasons.ts';

/** A program that was fetched in the clear. */
export interface Download {
  readonly type: string;
  readonly host: string;
  readonly path: string;
  /** Name that the server gave it, for instance in Content-Disposition. */
  readonly name: string | undefined;
  /** Undefined when no request was seen; empty when it named none. */
  readonly agent: string | undefined;
  readonly users: number;
  readonly networkSize: number;
}

/** Endings of what is looked at, read or played, and never run. */
const harmless =
  /\.(?:png|jpe?g|gif|bmp|ico|webp|svg|css|woff2?|ttf|txt|log|csv|xml|json|html?|php|aspx?|pdf|docx?|xlsx?|pptx?|rtf|mp[34]|avi|wav|dat|tmp)$/i;
const ofProgram =
  /\.(?:exe|dll|msi|sys|scr|com|cpl|ocx|cab|msu|bin|elf|so|run|deb|rpm|apk|dmg|pkg|efi|psf|esd|appx|msix)$/i;
/** Programs that fetch programs all day. */
const updaters =
  /^(?:Microsoft[- ](?:BITS|CryptoAPI|Delivery-Optimization|WNS)|Windows-Update-Agent|Debian APT-HTTP|libdnf|dnf\/|yum|pacman|Google Update|Mozilla\/5\.0 \(.*\) Firefox\/.*update|apt-cacher|WUDO)/i;

/** How little a download looks like one that somebody wanted, 0 to 1, by named parts. */
export function scoreDownload(download: Download): { score: number; reasons: Reason[]; isDisguised: boolean } {
  const { type, host, path, name, agent, users, networkSize } = download;
  const isDisguised = harmless.test(path) && !ofProgram.test(name ?? '');
  const reasons: Reason[] = [{ what: 'program in the clear', value: type, weight: 0.15 }];
  if (isDisguised) reasons.push({ what: 'called', value: path.slice(-80), weight: 0.4 });
  else if (path !== '' && !ofProgram.test(path)) {
    reasons.push({ what: 'path names no program', value: path.slice(-80), weight: 0.1 });
  }
  if (parseIp(host) !== undefined) reasons.push({ what: 'host has no name', value: host, weight: 0.15 });
  reasons.push(...agentReason(agent));
  const rarity = rarityOf(users, networkSize);
  const isCommon = networkSize >= 3 && users >= commonHosts(networkSize);
  reasons.push({
    what: 'prevalence',
    value: prevalenceText(users, networkSize, rarity !== undefined),
    weight: isCommon ? -0.3 : 0.1 * (rarity ?? 0),
  });
  return { score: sumOfReasons(reasons), reasons: roundedReasons(reasons), isDisguised };
}

function agentReason(agent: string | undefined): Reason[] {
  if (agent === undefined) return [];
  if (agent === '') return [{ what: 'user agent', value: 'none', weight: 0.1 }];
  if (updaters.test(agent)) return [{ what: 'user agent', value: agent.slice(0, 120), weight: -0.25 }];
  const isBrowser = /^Mozilla\/\d\.\d \(|^Opera\//.test(agent);
  return [{ what: 'user agent', value: agent.slice(0, 120), weight: isBrowser ? 0 : 0.1 }];
}
