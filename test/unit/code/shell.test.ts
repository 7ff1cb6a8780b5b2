import { describe, expect, it } from 'vitest';
import { finderOf, whenText } from './finderHarness';

/** `key@line:column via sdk` of a script's references, with what they guard. */
async function rows(
  source: string,
  others: Readonly<Record<string, string>> = {},
  path = 'bin/run.sh',
): Promise<readonly string[]> {
  const finder = await finderOf({ [path]: source, ...others });
  const references = (await finder.index.facts(path))?.references ?? [];
  return references.map(
    ({ key, pattern, line, column, via, sdk, kind, regions }) =>
      `${key ?? `/${pattern ?? ''}/`}@${line}:${column} ${via} ${sdk ?? ''}${kind === 'evaluation' ? '' : ` ${kind}`}${regions
        .map((region) => ` [${region.startLine}-${region.endLine} ${whenText(region.when)}]`)
        .join('')}`,
  );
}

describe('shell scripts that read a flag by its key', () => {
  it.each([
    [
      'OFREP',
      `curl -s -X POST "$FLAGD/ofrep/v1/evaluate/flags/new-checkout" -d '{}'`,
      ['new-checkout@1:17 template ofrep'],
    ],
    [
      'OFREP by a constant, over several lines',
      `KEY=new-checkout\nwget -qO- \\\n  --post-data='{}' \\\n  http://localhost:8016/ofrep/v1/evaluate/flags/$KEY`,
      ['new-checkout@1:5 constant  definition', 'new-checkout@4:49 constant ofrep'],
    ],
    ['Unleash', `curl -H "Authorization: $T" "$U/api/client/features/new"`, ['new@1:53 literal unleash']],
    [
      'LaunchDarkly',
      `curl https://app.launchdarkly.com/api/v2/flags/default/new?env=test`,
      ['new@1:56 literal launchdarkly'],
    ],
    ['LaunchDarkly by ldcli', `ldcli flags get --project default --flag new`, ['new@1:42 literal launchdarkly']],
    [
      'LaunchDarkly by ldcli, with =',
      `K="new"\nldcli flags get --flag="$K"`,
      ['new@1:3 constant  definition', 'new@2:25 constant launchdarkly'],
    ],
    ['Flipt', `flipt evaluate chat-enabled --context test=foo`, ['chat-enabled@1:16 literal flipt']],
    [
      'Flipt by request',
      `curl $F/evaluate/v1/boolean -d '{"entityId":"e","flagKey":"new"}'`,
      ['new@1:60 literal flipt'],
    ],
    [
      'flagd by gRPC',
      `grpcurl -d '{"flagKey":"new"}' $H flagd.evaluation.v1.Service/ResolveBoolean`,
      ['new@1:25 literal flagd'],
    ],
    [
      'flagd, with a hole',
      `FLAG=new\ncurl -X POST "$H/flagd.evaluation.v1.Service/ResolveString" -d "{\\"flagKey\\":\\"$FLAG\\",\\"context\\":{}}"`,
      ['new@1:6 constant  definition', 'new@2:80 constant flagd'],
    ],
    ['GO Feature Flag', `http POST :1031/v1/feature/new/eval evaluationContext:='{}'`, ['new@1:28 literal goff']],
    ['GO Feature Flag by its program', `go-feature-flag-cli evaluate --flag=new`, ['new@1:37 literal goff']],
  ])('%s', async (_, source, expected) => {
    expect(await rows(source)).toEqual(expected);
  });

  it('follows functions, through several layers and files, and tells what they guard', async () => {
    const lib = `# flags
fetch_flag() {
  local name=$1
  value=$(wget -qO- "http://\${HOST}:\${PORT}/ofrep/v1/evaluate/flags/$name" 2>/dev/null | jq -r .value)
  echo "$value"
}
function is_on {
  [ "$(fetch_flag "$1" false)" = "true" ]
}
`;
    const source = `#!/bin/sh
. "$(dirname "$0")/lib.sh"
readonly new=new-checkout
vus=$(fetch_flag vus "$DEFAULT")
if [ "$vus" -gt 10 ]; then
  many
elif is_on slow; then
  slow
fi
if ! is_on "$new"; then
  exit 1
fi
is_on both && deploy
case "$(fetch_flag colour red)" in
  blue|green) a ;;
  *) b ;;
esac
`;
    expect(await rows(source, { 'bin/lib.sh': lib })).toEqual([
      'new-checkout@3:14 constant  definition',
      'vus@4:18 wrapper ofrep [6-6 >10] [7-9 <=10]',
      'slow@7:12 wrapper ofrep [8-8 truthy]',
      'new-checkout@10:13 constant ofrep [11-11 falsy]',
      'both@13:7 wrapper ofrep [13-13 truthy]',
      'colour@14:20 wrapper ofrep [15-15 oneOf=["blue","green"]] [16-16 different="blue"] [16-16 different="green"]',
    ]);
  });

  it('finds nothing in comments, text, writes, and requests that ask for no flag', async () => {
    const source = `# curl $H/ofrep/v1/evaluate/flags/a
cat <<EOF
curl $H/ofrep/v1/evaluate/flags/b
ldcli flags get --flag c
EOF
echo ldcli flags get --flag d
ldcli flags toggle-on --flag e --project p
curl -X POST "$H/ofrep/v1/evaluate/flags"
curl "$H/ofrep/v1/evaluate/flags/{key}"
curl "$U/api/client/features"
curl "$U/api/v2/flags/default"
curl "$F/evaluate/v1/batch" -d '{"requests":[]}'
wget "$H/features/f"
flipt evaluate
flipt export --all
`;
    expect(await rows(source)).toEqual([]);
  });

  it('knows tests', async () => {
    const source = `@test "x" { run curl "$H/ofrep/v1/evaluate/flags/new"; }\ncurl "$H/ofrep/v1/evaluate/flags/new"\n`;
    expect((await rows(source, {}, 'a.bats')).every((row) => row.endsWith(' test'))).toBe(true);
  });
});

describe('k6 scripts', () => {
  it('ask OFREP, directly or through a function, whatever the URL is written with', async () => {
    const source = `import http from 'k6/http';
const BASE = 'http://flagd:8016';
function flagValue(flagName) {
  const res = http.post(\`http://\${__ENV.H}:\${__ENV.P}/ofrep/v1/evaluate/flags/\${flagName}\`, JSON.stringify({}));
  return res.status === 200 ? JSON.parse(res.body).value : 0;
}
export default function () {
  const count = flagValue('flood');
  if (count > 0) http.get(BASE);
  http.post('http://flagd:8016/ofrep/v1/evaluate/flags/plain', '{}');
  http.post(BASE + '/ofrep/v1/evaluate/flags/joined?x=1', '{}');
  http.post(BASE + '/ofrep/v1/evaluate/flags/' + __ENV.KEY, '{}');
  http.post(\`\${BASE}/ofrep/v1/evaluate/flags/whole\`, '{}');
  // http.post('http://flagd:8016/ofrep/v1/evaluate/flags/no', '{}');
  http.post('http://flagd:8016/ofrep/v1/evaluate/flags', '{}');
  server.post('/ofrep/v1/evaluate/flags/:key', '{}');
}
`;
    expect(await rows(source, {}, 'script.js')).toEqual([
      'flood@8:27 wrapper ofrep [9-9 >0]',
      'plain@10:13 template ofrep',
      'joined@11:13 template ofrep',
      '/*/@12:50 template ofrep',
      'whole@13:13 template ofrep',
    ]);
  });
});
