import { dockerfile, service, type CheckCase } from './check-sentences.ts';

/** Secrets in here-documents, commands, labels and arguments of builds and services. */
export const writtenSecrets: readonly CheckCase[] = [
  [
    'secret-in-instruction',
    dockerfile(
      'COPY <<EOF /etc/app.conf',
      'password = H4rdC0ded!pw',
      'token: str',
      'secret = read(x)',
      'password_file = /run/secrets/x',
      'EOF',
      'RUN <<EOF',
      'export DB_PASSWORD=Sup3rS3cretPw1',
      'EOF',
      'RUN curl --token=$TOKEN https://a.example && API_KEY=abc123def tool',
      'LABEL x.password=hunter2hunter2 version=1.2.3',
    ),
    [
      'image of /Dockerfile has in COPY password, a secret by its name',
      'image of /Dockerfile has in RUN DB_PASSWORD, a secret by its name',
      'image of /Dockerfile has in RUN API_KEY, a secret by its name',
      'image of /Dockerfile has in LABEL x.password, a secret by its name',
    ],
  ],
  [
    'secret-in-instruction',
    dockerfile(
      `RUN git clone https://bot:s3cr3tt0ken@git.corp.test/a && GIT_TOKEN=gh` +
        `p_16C7e42F292c6912E7710c838347Ae178B4a make`,
    ),
    ['image of /Dockerfile has in RUN a token of GitHub', 'image of /Dockerfile has in RUN a password in an address'],
  ],
  ['secret-in-instruction', dockerfile('ENV PASSWORD=Sup3rS3cretPw1', 'RUN echo password=x'), []],
  [
    'secret-in-instruction',
    service([
      'labels: { x.password: hunter2hunter2, traefik.enable: "true" }',
      'build: { context: ., args: [NPM_TOKEN=s3cr3tt0ken] }',
      'command: redis-server --requirepass=s3cr3tt0ken --password=s3cr3tt0ken',
    ]),
    [
      'service web hands to the build NPM_TOKEN, a secret by its name',
      'service web has the label x.password, a secret by its name',
      'service web is started with password, a secret by its name',
    ],
  ],
];
