import { numberOf } from '../base/ids.ts';

/** A place outside, by the name that people or programs ask for. */
export interface Site {
  readonly name: string;
  readonly address: string;
  readonly address6?: string;
  /** Name that the asked name is an alias of (CNAME), for sites behind a content network. */
  readonly alias?: string;
  readonly tls: 'tls12' | 'tls13';
  /** Time to live of its address records. */
  readonly ttlSeconds: number;
  readonly rttMs: number;
}

/** Documentation ranges (RFC 5737, RFC 3849) stand for the Internet; these addresses belong to the intruder alone. */
export const intruderAddresses = { scanner: '198.51.100.77', staging: '203.0.113.66', control: '203.0.113.7' } as const;

const contentNetworkAddresses = [20, 21, 22, 23, 24, 25].map((last) => `192.0.2.${last}`);

interface SiteOptions {
  readonly address?: string;
  readonly address6?: string;
  readonly tls?: Site['tls'];
  readonly ttlSeconds?: number;
  readonly behindContentNetwork?: boolean;
}

function site(name: string, options: SiteOptions = {}): Site {
  const behind = options.behindContentNetwork === true;
  const address = options.address ?? (behind ? contentNetworkAddress(name) : webAddress(name));
  return {
    name,
    address,
    ...(options.address6 === undefined ? {} : { address6: options.address6 }),
    ...(behind ? { alias: `${tokenOf(name)}.edgefold.example` } : {}),
    tls: options.tls ?? 'tls13',
    ttlSeconds: options.ttlSeconds ?? (behind ? 60 : 300),
    rttMs: 6 + numberOf(`rtt ${address}`, 32),
  };
}

function contentNetworkAddress(name: string): string {
  return contentNetworkAddresses[numberOf(name, contentNetworkAddresses.length)] ?? '192.0.2.20';
}

function webAddress(name: string): string {
  const last = 120 + numberOf(`address ${name}`, 120);
  return numberOf(`block ${name}`, 2) === 0 ? `198.51.100.${last}` : `203.0.113.${last}`;
}

/** Content networks make host names that look random: the same name always gives the same. */
function tokenOf(name: string): string {
  return `d${BigInt(`0x1${numberOf(`token ${name}`, 2 ** 46).toString(16)}`).toString(36)}`;
}

const v6 = (last: string): string => `2001:db8:cd::${last}`;

/** Programs of the company talk to these. */
export const services = {
  agent: site('checkin.edgewarden.example', { address: '192.0.2.40', tls: 'tls12', ttlSeconds: 14_400 }),
  antivirus: site('update.clearscan.example', { address: '192.0.2.44', tls: 'tls12' }),
  systemUpdate: site('slscr.os-update.example', { address: '192.0.2.50', tls: 'tls12' }),
  systemDownload: site('dl.os-update.example', { address: '192.0.2.51' }),
  connectivityCheck: site('connecttest.os-update.example', { address: '192.0.2.52' }),
  certificateStatus: site('ocsp.trustlake.example', { address: '192.0.2.60', ttlSeconds: 1800 }),
  packages: site('deb.mirrors.example', { address: '198.51.100.20', ttlSeconds: 900 }),
  backupStore: site('eu-north.objects.nordvault.example', { address: '198.51.100.30', ttlSeconds: 60 }),
  office: site('outlook.workdesk.example', { address: '192.0.2.70', address6: v6('70') }),
  officeFiles: site('files.workdesk.example', { address: '192.0.2.71', address6: v6('71') }),
  chat: site('ws.teamlane.example', { address: '192.0.2.75' }),
  video: site('api.meetly.example', { address: '192.0.2.80', address6: v6('80') }),
  videoRelay: site('turn-eu.meetly.example', { address: '192.0.2.81' }),
  code: site('git.codeharbor.example', { address: '198.51.100.40' }),
  codeApi: site('api.codeharbor.example', { address: '198.51.100.41' }),
  imageRegistry: site('registry.boxyard.example', { address: '198.51.100.45' }),
  nodePackages: site('registry.packhub.example', { behindContentNetwork: true }),
  payment: site('api.paywell.example', { address: '203.0.113.90', tls: 'tls12', ttlSeconds: 120 }),
  weather: site('api.skywidget.example', { address: '203.0.113.95' }),
  printerSupplies: site('supplies.inkline.example', { address: '203.0.113.98', tls: 'tls12' }),
  upstreamResolver: site('dot.fjordnet-isp.example', { address: '192.0.2.53' }),
} as const;

/** Servers of the time pool that dns01 asks. */
export const timeServers: readonly string[] = ['192.0.2.123', '198.51.100.123', '203.0.113.123'];

const words = [
  'nordpost dagens-nytt bergen-tidende sjokart hyttemarked fjellvaer togtider kommunen skatteinfo biblioteket',
  'handelsavis finanslinje oppskrifter strikkekroken sykkelforum havnekontoret lysdesign mobelguiden fargelageret',
  'frakttorget tollregler kundesenter bokhandel reisefeber fotballkveld musikkavisa podlytt langrenn kartverket-info',
  'designhaven fontlager bildebanken ikonverket trykkeri emballasje skruebutikken verktoyboden elektroguiden lampehuset',
  'devnotes stackhjelp rustforum javablogg containerweekly sqltips cssgarden',
];
const siteNames = words.join(' ').split(' ');

/** What people browse, the most visited first. */
export const browsedSites: readonly Site[] = siteNames.map((word, index) =>
  site(`www.${word}.example`, {
    behindContentNetwork: index % 3 !== 1,
    tls: index % 5 === 4 ? 'tls12' : 'tls13',
    ...(index % 6 === 0 ? { address6: v6(`1${index}`) } : {}),
  }),
);

/** Other parties that pages pull in. */
export const embeddedSites: readonly Site[] = [
  site('fonts.typecase.example', { behindContentNetwork: true }),
  site('cdn.jslibs.example', { behindContentNetwork: true }),
  site('stats.pagecount.example', { address: '203.0.113.80', tls: 'tls12' }),
  site('tags.adfjell.example', { address: '203.0.113.81' }),
  site('sync.adfjell.example', { address: '203.0.113.82' }),
  site('img.bildecache.example', { behindContentNetwork: true }),
  site('consent.cookiebar.example', { behindContentNetwork: true }),
  site('video.strommen.example', { behindContentNetwork: true }),
];
