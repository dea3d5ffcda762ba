import { dockerArchive, type MadeImage } from './image-archive.ts';

const installed = `C:Q1Z3LaKtXXlvUjmGzKTyF9ikiMXqk=
P:musl
V:1.1.24-r2
A:x86_64
L:MIT
o:musl
F:lib
R:ld-musl-x86_64.so.1

C:Q1lfAMiNPVSnxqEHJnDqYLyc2hMBA=
P:busybox
V:1.31.1-r9
A:x86_64
L:GPL-2.0-only
o:busybox
F:bin
R:busybox

`;

/** The image of the guide: an old base, a key that was removed too late, a set-uid helper, a user who is root. */
const shopImage: MadeImage = {
  tags: ['shop:1.4'],
  layers: [
    {
      'etc/os-release': 'ID=alpine\nVERSION_ID=3.11.5\nPRETTY_NAME="Alpine Linux v3.11"\n',
      'etc/passwd': 'root:x:0:0:root:/root:/bin/ash\n',
      'lib/apk/db/installed': installed,
      'bin/busybox': { content: 'not a program, only its place\n', mode: 0o755 },
      'bin/sh': { type: '2', target: '/bin/busybox' },
    },
    {
      'app/': '',
      'app/server.js': "require('node:http').createServer().listen(8080);\n",
      'app/package.json': '{ "name": "shop", "version": "1.4.0" }\n',
      'app/helper': { content: 'not a program either\n', mode: 0o4755 },
      'etc/shop/deploy.key': 'made up: the key that opens the shop\n',
    },
    {
      'etc/shop/.wh.deploy.key': '',
      'etc/passwd': 'root:x:0:0:root:/root:/bin/ash\nshop:x:1000:1000::/app:/bin/ash\n',
    },
  ],
  history: [
    'ADD alpine-minirootfs-3.11.5.tar.gz /',
    'COPY . / # buildkit',
    'RUN rm /etc/shop/deploy.key && adduser shop',
  ],
  run: {
    Env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'NODE_ENV=production'],
    Cmd: ['node', '/app/server.js'],
    WorkingDir: '/app',
    ExposedPorts: { '8080/tcp': {} },
    Labels: { 'org.opencontainers.image.source': 'https://git.example/shop' },
  },
};

/** Bytes of `docs/guide/examples/shop.tar`. */
export function shopArchive(): Buffer {
  return dockerArchive(shopImage);
}
