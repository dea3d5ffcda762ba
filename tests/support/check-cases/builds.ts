import { dockerfile, type CheckCase } from '../check-sentences.ts';

/** Dockerfiles. One line for each check and input: what it says, or nothing. */
export const buildsCases: readonly CheckCase[] = [
  ['sudo', dockerfile('RUN sudo -E apt-get update'), ['image of /Dockerfile runs apt-get with sudo']],
  ['sudo', dockerfile('RUN echo sudo'), []],
  [
    'unpinned-image',
    dockerfile('COPY --from=nginx:latest /a /a', 'RUN --mount=type=bind,from=alpine,target=/m cp /m/a /a'),
    [
      'image of /Dockerfile takes files from nginx:latest',
      'image of /Dockerfile takes files from alpine without a version',
    ],
  ],
  [
    'unpinned-image',
    dockerfile(
      'FROM base:1.2 AS Next',
      'COPY --from=0 /a /a',
      'FROM base:1.2',
      'COPY --from=next /a /a',
      'COPY --from=nginx:1.27 /a /a',
      'RUN --mount=type=cache,target=/var/cache true',
    ),
    [],
  ],
  // What a here-document holds is no name of a file.
  ['secret-file', dockerfile('COPY <<EOF /etc/x', 'a .env', 'EOF'), []],
  ['add-instruction', dockerfile('ADD <<EOF /etc/x', 'a b', 'EOF'), []],
  [
    'secret-in-environment',
    dockerfile('ARG NPM_TOKEN', 'ENV A=1 API_KEY="k9Wq-77"'),
    ['image of /Dockerfile sets by ENV API_KEY, a secret by its name'],
  ],
  ['root-user', dockerfile('USER root:root'), ['image of /Dockerfile ends with USER root:root']],
  ['root-user', dockerfile('USER root', 'USER 1000'), []],
  ['root-user', ['Dockerfile', 'FROM a:1 AS low\nUSER 9\nFROM low\n'], []],
  ['no-healthcheck', dockerfile('HEALTHCHECK CMD true'), []],
  [
    'unpinned-image',
    ['Dockerfile', 'ARG TAG=latest\nFROM reg.example:5000/a:$TAG AS one\nFROM scratch\nFROM one\n'],
    ['image of /Dockerfile starts from reg.example:5000/a:latest'],
  ],
  [
    'unpinned-image',
    ['Dockerfile', 'FROM reg.example:5000/a\n'],
    ['image of /Dockerfile starts from reg.example:5000/a without a version'],
  ],
  [
    'ssh-service',
    dockerfile('RUN apt-get install -y openssh-server', 'EXPOSE 2222'),
    ['image of /Dockerfile installs an SSH server'],
  ],
  ['ssh-service', dockerfile('RUN apt-get install -y openssh-client', 'EXPOSE 8022'), []],
  ['several-services', dockerfile('RUN apk add nginx redis'), ['image of /Dockerfile holds Redis, nginx']],
  // What a stage before it installs is not in the image.
  [
    'several-services',
    ['Dockerfile', 'FROM a:1 AS build\nRUN apk add nginx redis sudo\nFROM b:1\nCOPY --from=build /x /x\n'],
    [],
  ],
  ['several-services', dockerfile('RUN apk add nginx', 'CMD ["nginx"]'), []],
  ['add-instruction', dockerfile('ADD --checksum=sha256:00 https://a.example/x /x', 'ADD rootfs.tar.gz /'), []],
  [
    'add-instruction',
    dockerfile('ADD https://a.example/x /x'),
    ['image of /Dockerfile adds https://a.example/x without a checksum'],
  ],
  ['package-update-alone', dockerfile('RUN apt-get update && apt-get install -y a'), []],
  ['package-update-alone', dockerfile('RUN apt-get update'), ['image of /Dockerfile runs apt-get update alone']],
  ['package-leftovers', dockerfile('RUN apk add --no-cache a'), []],
  [
    'package-leftovers',
    dockerfile('RUN apt-get -qq install a'),
    ['image of /Dockerfile installs what apt-get recommends besides'],
  ],
  ['run-cd', dockerfile('RUN cd /app && make'), ['image of /Dockerfile changes to /app inside of RUN']],
  ['run-cd', dockerfile('RUN cd app && make'), []],
  ['maintainer', dockerfile('MAINTAINER a'), ['image of /Dockerfile uses MAINTAINER']],
  ['maintainer', dockerfile('LABEL maintainer=a'), []],
  [
    'known-password',
    dockerfile("RUN echo 'root:toor' | chpasswd"),
    ['image of /Dockerfile sets the password of root to one that is written there'],
  ],
  ['known-password', dockerfile('RUN useradd -p $(head -c32 /dev/urandom | base64) app'), []],
  ['known-password', dockerfile('RUN useradd --password "$(openssl rand -base64 12)" app'), []],
  ['known-password', dockerfile("RUN useradd -p '!' app && usermod -p '*' www"), []],
  ['known-password', dockerfile('RUN useradd -p "$PASSWORD" app', 'RUN echo "$PASSWORD" | passwd --stdin app'), []],
  [
    'known-password',
    dockerfile('RUN useradd -p $(openssl passwd -1 toor) app'),
    ['image of /Dockerfile makes an account with a password that is written there'],
  ],
  ['known-password', dockerfile('RUN passwd -d root'), ['image of /Dockerfile takes the password of root away']],
  ['known-password', dockerfile('RUN useradd -m app && passwd -l app'), []],
  [
    'remote-script',
    dockerfile('RUN curl -fsSL https://a.example/i.sh | sudo bash -s'),
    ['image of /Dockerfile runs in bash what it loads from the network'],
  ],
  [
    'remote-script',
    dockerfile('RUN bash -c "$(curl -fsSL https://a.example/i.sh)"'),
    ['image of /Dockerfile runs in bash what it loads from the network'],
  ],
  ['remote-script', dockerfile('RUN curl -o i.sh https://a.example/i.sh && sha256sum -c i.sha && sh i.sh'), []],
  [
    'unchecked-download',
    dockerfile('RUN curl -kfsSL https://a.example/x'),
    ['image of /Dockerfile runs curl with -kfsSL'],
  ],
  ['unchecked-download', dockerfile('RUN curl -fsSL https://a.example/x'), []],
  ['wide-permissions', dockerfile('RUN chmod -R 777 /app'), ['image of /Dockerfile lets everybody write: chmod 777']],
  ['wide-permissions', dockerfile('RUN chmod u+s /app/x'), ['image of /Dockerfile sets a set-id bit: chmod u+s']],
  ['wide-permissions', dockerfile('RUN chmod 755 /app && chmod u+w,go-w /x && chmod u-s /y'), []],
  [
    'wide-permissions',
    dockerfile('COPY --chown=app --chmod=777 x /x', 'ADD --chmod=4755 y /y'),
    [
      'image of /Dockerfile lets everybody write: COPY --chmod=777',
      'image of /Dockerfile sets a set-id bit: ADD --chmod=4755',
    ],
  ],
  ['wide-permissions', dockerfile('COPY --chmod=755 x /x'), []],
  ['sudo', dockerfile('RUN apk add sudo'), ['image of /Dockerfile installs sudo']],
  ['sudo', dockerfile('RUN sudo true'), ['image of /Dockerfile runs true with sudo']],
  [
    'secret-file',
    dockerfile('COPY id_rsa id_rsa.pub /root/.ssh/'),
    ['image of /Dockerfile copies id_rsa, a private key of SSH'],
  ],
  [
    'secret-file',
    dockerfile('COPY credentials credentials'),
    ['image of /Dockerfile copies credentials, by its name credentials, or code that handles them'],
  ],
  [
    'secret-file',
    dockerfile('COPY credentials /home/app/.aws/credentials'),
    ['image of /Dockerfile copies credentials, credentials'],
  ],
  ['secret-file', dockerfile('COPY --from=0 /.env /x', 'COPY .env.example /app/'), []],
];
