/**
 * Makers of small computers, radios and modems that fit inside other equipment, by the prefixes that the IEEE gave them.
 * Origin: IEEE OUI public listing of August 2022 (public domain), and the prefixes of Raspberry Pi since. Makers of single
 * chips (Espressif) are left out: their parts are in every lamp and plug.
 */
const makers: readonly (readonly [what: string, maker: string, prefixes: string])[] = [
  ['single-board computer', 'Raspberry Pi', 'b8:27:eb dc:a6:32 e4:5f:01 28:cd:c1 d8:3a:dd 2c:cf:67 88:a2:9e'],
  ['single-board computer', 'Xunlong (Orange Pi)', 'c0:74:2b'],
  ['single-board computer', 'Seeed', '2c:f7:f1'],
  ['single-board computer', 'Arduino', 'a8:61:0a'],
  ['single-board computer', 'PC Engines', '00:0d:b9'],
  ['travel router', 'GL Technologies', '94:83:c4'],
  ['Wi-Fi adapter', 'Alfa', '00:c0:ca'],
  [
    'mobile modem',
    'Quectel',
    '04:86:80 34:87:3d 50:80:4a 50:e9:df 54:65:03 58:d3:91 64:c4:03 74:76:5b 7c:cc:fc 80:fb:f0 90:bd:e6 90:cd:1f 98:26:ad a0:ed:fb a4:86:ae c4:41:37 e4:08:e7 e8:47:27 e8:97:9a ec:1d:9e',
  ],
  ['mobile modem', 'SIMCom', '30:95:e3 38:1c:4a 48:e6:c0 5c:46:b0 98:ca:20'],
  ['mobile modem', 'Sierra Wireless', '00:a0:d5 28:a3:31 64:ce:6e 84:db:2f cc:93:4a'],
  ['mobile modem', 'Telit', '00:21:7e 00:80:25 48:02:af'],
  ['mobile modem', 'Teltonika', '00:1e:42 38:8a:21 7c:d9:f4'],
];

const byPrefix: ReadonlyMap<string, string> = new Map(
  makers.flatMap(([what, maker, prefixes]) => prefixes.split(' ').map((prefix) => [prefix, `${what} of ${maker}`])),
);

/** `single-board computer of Raspberry Pi`; undefined for all other hardware. `mac` as `b8:27:eb:…`. */
export function hardwareOf(mac: string): string | undefined {
  return byPrefix.get(mac.slice(0, 8).toLowerCase());
}

/** Names that such devices, or systems made for attacking, give themselves in DHCP. */
const tellingNames =
  /raspberry|raspbian|\bbcm27\d\d|\bkali\b|parrot(?:os|sec)|pineapple|(?:lan|packet)[-_ ]?(?:turtle|squirrel)|shark[-_ ]?jack|orange ?pi|banana ?pi|beaglebone|odroid|openwrt|gl-(?:mt|ar|inet)/i;

/** The first of the names that tells such a device. */
export function tellingName(names: readonly string[]): string | undefined {
  return names.find((name) => tellingNames.test(name));
}

/** A privacy address that a phone or laptop makes up for each network: it is new all the time and says nothing. */
export function isRandomAddress(mac: string): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 0x02) !== 0;
}
