import { describe, expect, it } from 'vitest';
import type { Reference } from '../../../src/model/reference';
import { finderOf, found, whenText } from './finderHarness';

/** `key@line:column via` of the references of a file, with the regions that they guard. */
async function rows(
  source: string,
  path: string,
  others: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const finder = await finderOf({ [path]: source, ...others });
  return ((await finder.index.facts(path))?.references ?? []).map(row);
}

function row({ key, line, column, via, kind, certainty, regions }: Reference): string {
  const guarded = regions.map((region) => ` [${region.startLine}-${region.endLine} ${whenText(region.when)}]`);
  const apart = `${kind === 'evaluation' ? '' : ` ${kind}`}${certainty === 'certain' ? '' : ` ${certainty}`}`;
  return `${key ?? ''}@${line}:${column} ${via}${apart}${guarded.join('')}`;
}

describe('SDKs in Ruby', () => {
  it.each([
    ['LaunchDarkly', `c = LaunchDarkly::LDClient.new("s")\nc.variation("k", ctx, false)`, ['k@2 literal']],
    [
      'LaunchDarkly, all flags',
      `c = LaunchDarkly::LDClient.new("s")\nc.all_flags_state(ctx).flag_value("k")`,
      ['k@2 literal'],
    ],
    [
      'LaunchDarkly held by the application',
      `Rails.configuration.x.ld_client.variation("k", ctx, 1)\nLaunchDarkly::Config.new`,
      ['k@1 literal'],
    ],
    ['Unleash', `UNLEASH = Unleash::Client.new(url: "u")\nputs 1 if UNLEASH.is_enabled? "k", ctx`, ['k@2 literal']],
    [
      'Unleash, a block',
      `@unleash = Unleash::Client.new\n@unleash.if_enabled "k", ctx do\n  x\nend\n@unleash.get_variant(:v)`,
      ['k@2 literal', 'v@5 literal'],
    ],
    [
      'OpenFeature',
      `client = OpenFeature::SDK.build_client\nclient.fetch_boolean_value(flag_key: "k", default_value: false)\nclient.fetch_string_details(flag_key: 'l', default_value: "")`,
      ['k@2 literal', 'l@3 literal'],
    ],
    [
      'Flipper',
      `Flipper.enabled?(:k, current_user)\nFlipper[:l].enabled?(user)\nFlipper.feature("m").enabled?\nFlipper.enabled? :n`,
      ['k@1 literal', 'l@2 literal', 'm@3 literal', 'n@4 literal'],
    ],
    [
      'Flipper, an instance',
      `flipper = Flipper.new(adapter)\nflipper.enabled?(:k)\nflipper[:l].enabled?(u)`,
      ['k@2 literal', 'l@3 literal'],
    ],
    [
      'Flagsmith',
      `$flagsmith = Flagsmith::Client.new(environment_key: "e")\nflags = $flagsmith.get_identity_flags("i")\nflags.is_feature_enabled('k')`,
      ['k@3 literal'],
    ],
    [
      'GrowthBook',
      `gb = Growthbook::Context.new(features: f)\ngb.on?(:k)\ngb.feature_value(:v, 1)`,
      ['k@2 literal', 'v@3 literal'],
    ],
    ['ConfigCat', `c = ConfigCat.get("s")\nc.get_value("k", false, user)`, ['k@2 literal']],
    [
      'Statsig',
      `Statsig.check_gate(user, 'k')\nStatsig.get_experiment(StatsigUser.new({}), "e")`,
      ['k@1 literal', 'e@2 literal'],
    ],
    ['PostHog', `posthog = PostHog::Client.new({api_key: "k"})\nposthog.is_feature_enabled('k', id)`, ['k@2 literal']],
    [
      'Split',
      `client = SplitIoClient::SplitFactory.new("key").client\nclient.get_treatment(id, 'k')\nclient.get_treatments(id, ['a', 'b'])`,
      ['k@2 literal', 'a@3 literal', 'b@3 literal'],
    ],
    ['DevCycle', `dvc = DevCycle::Client.new("t", o)\ndvc.variable_value(user, "k", true)`, ['k@2 literal']],
    [
      'Flipt',
      `f = Flipt::Client.new\nf.evaluate_boolean(flag_key: 'k', entity_id: "e")\nf.evaluate_variant({ flag_key: 'v', entity_id: "e" })`,
      ['k@2 literal', 'v@3 literal'],
    ],
    [
      'Optimizely',
      `o = Optimizely::Project.new(d)\nu = o.create_user_context("u")\nu.decide('k')\no.is_feature_enabled("l", "u")`,
      ['k@3 literal', 'l@4 literal'],
    ],
    ['OFREP', `Net::HTTP.post(URI("#{base}/ofrep/v1/evaluate/flags/k"), "{}")`, ['k@1 template']],
  ])('%s', async (_, source, expected) => {
    expect(await found(source, 'app/a.rb')).toEqual(expected);
  });
});

describe('keys in Ruby', () => {
  it.each([
    [`KEY = "k"\nFlipper.enabled?(KEY)`, ['k@2 constant']],
    [`KEY = :k.freeze\nFlipper.enabled?(KEY)`, ['k@2 constant']],
    [
      `KEYS = { new: :k, "old" => 'o' }.freeze\nFlipper.enabled?(KEYS[:new])\nFlipper.enabled?(KEYS["old"])`,
      ['k@2 property', 'o@3 property'],
    ],
    [`module Flags\n  NEW = "k"\nend\nFlipper.enabled?(Flags::NEW)`, ['k@4 constant']],
    [`class A\n  NEW = :k\n  def f = Flipper.enabled?(NEW)\nend`, ['k@3 constant']],
    [`class A\n  def f\n    key = :k\n    Flipper.enabled?(key)\n  end\nend`, ['k@4 constant']],
    [
      `class A\n  def f\n    key = :a\n    key = :b if x\n    Flipper.enabled?(key)\n  end\nend`,
      ['/*/@5 template dynamic'],
    ],
    [`Flipper.enabled?("exp-#{id}")`, ['/exp-*/@1 template dynamic']],
    [`Flipper.enabled?(:"exp-#{id}")`, ['/exp-*/@1 template dynamic']],
    [`Flipper.enabled?("exp-" + id)`, ['/exp-*/@1 template dynamic']],
    [`Flipper.enabled?(x ? :a : :b)`, ['a@1 literal', 'b@1 literal']],
    [`client&.variation("k", ctx, false)\nclient = 1\nLaunchDarkly`, []],
    [`Flipper.public_send(:enabled?, :k)\nFlipper.try(:enabled?, :l)`, ['k@1 literal', 'l@2 literal']],
    [
      `# Flipper.enabled?(:a)\n"Flipper.enabled?(:b)"\n=begin\nFlipper.enabled?(:c)\n=end\nputs <<~X\n  Flipper.enabled?(:d)\nX\n__END__\nFlipper.enabled?(:e)`,
      [],
    ],
    [`puts <<~X\n  a #{Flipper.enabled?(:k)}\nX`, ['k@2 literal']],
    [
      `plan.enabled?(:sso)\nlicense.has_feature?("x")\nFlipper.enable(:a)\nFlipper[:b].disable\nFlipper.add(:c)\nother[:d].enabled?`,
      [],
    ],
  ])('%s', async (source, expected) => {
    expect(await found(source, 'app/a.rb')).toEqual(expected);
  });

  it('follows modules, classes, mixins and memoized clients across files', async () => {
    const others = {
      'app/models/flags.rb': `module Flags\n  NEW = :new_checkout\n  def self.on?(name, actor = nil)\n    Flipper.enabled?(name, actor)\n  end\n  class << self\n    def off?(name) = !on?(name)\n  end\nend\n`,
      'app/helpers/feature_helper.rb': `module FeatureHelper\n  def feature_enabled?(feature)\n    ld_client.variation(feature, current_context, false)\n  end\n\n  private\n\n  def ld_client\n    @ld_client ||= LaunchDarkly::LDClient.new("s")\n  end\nend\n`,
      'app/services/base.rb': `class Base\n  def initialize(client = nil)\n    @client = client || Unleash::Client.new\n  end\n  def toggle?(name:)\n    @client.is_enabled?("exp-#{name}")\n  end\nend\n`,
    };
    const source = `class Cart < Base
  include FeatureHelper

  def total
    return 0 unless Flags.on?(Flags::NEW, user)
    return 1 if Flags.off?(:old)
    feature_enabled?("discount") ? 2 : 3
    toggle?(name: "toggled")
  end
end
`;
    expect(await rows(source, 'app/models/cart.rb', others)).toEqual([
      'new_checkout@5:31 constant [5-5 falsy] [5-9 truthy]',
      'old@6:28 wrapper [6-6 falsy] [6-9 truthy]',
      'discount@7:22 wrapper [7-7 truthy] [7-7 falsy]',
      'exp-toggled@8:19 template',
    ]);
  });
});

describe('regions in Ruby', () => {
  it.each([
    [`if Flipper.enabled?(:k)\n  a\nelse\n  b\nend`, ['k@1:21 literal [2-2 truthy] [4-4 falsy]']],
    [`unless Flipper.enabled?(:k)\n  a\nelse\n  b\nend`, ['k@1:25 literal [2-2 falsy] [4-4 truthy]']],
    [
      `a if Flipper.enabled?(:k)\nb unless Flipper.enabled?(:l)`,
      ['k@1:23 literal [1-1 truthy]', 'l@2:27 literal [2-2 falsy]'],
    ],
    [`def f\n  return unless Flipper.enabled?(:k)\n  a\n  b\nend`, ['k@2:34 literal [2-2 falsy] [2-5 truthy]']],
    [`def f\n  on = Flipper.enabled?(:k)\n  a if !on\n  on && b\nend`, ['k@2:25 literal [3-3 falsy] [4-4 truthy]']],
    [
      `c = LaunchDarkly::LDClient.new\ncase c.variation("k", x, "a")\nwhen "a", "b" then one\nwhen "c"\n  two\nelse\n  three\nend`,
      [
        'k@2:18 literal [3-3 oneOf=["a","b"]] [5-5 equal="c"] [7-7 different="a"] [7-7 different="b"] [7-7 different="c"]',
      ],
    ],
    [`on = Flipper.enabled?(:k)\na if on`, ['k@1:23 literal [2-2 truthy]']],
    [`on = Flipper.enabled?(:k)\non = false if b\na if on`, ['k@1:23 literal']],
    [`x = Flipper.enabled?(:k) ? a : b`, ['k@1:22 literal [1-1 truthy] [1-1 falsy]']],
    [`if a\n  b\nelsif Flipper.enabled?(:k) and c\n  d\nend`, ['k@3:24 literal [4-4 truthy] [3-3 truthy]']],
    [`Flipper.enabled?(:k) or raise("x")`, ['k@1:18 literal [1-1 falsy]']],
  ])('%s', async (source, expected) => {
    expect((await rows(source, 'app/a.rb')).map((each) => each.replace(/ \[(\d+-\d+)/g, ' [$1'))).toEqual(expected);
  });
});

describe('code paths of Ruby', () => {
  it('are actions by their routes, handlers of Sinatra, jobs', async () => {
    const finder = await finderOf({
      'config/routes.rb': `Rails.application.routes.draw do
  root "home#index"
  get "/cart", to: "carts#show"
  post "pay" => "carts#pay"
  resources :orders, only: [:index, :create] do
    member { get :preview }
  end
  draw :admin
end
`,
      'config/routes/admin.rb': `namespace :admin do\n  resources :line_items, except: [:destroy]\nend\n`,
      'app/controllers/carts_controller.rb': `class CartsController < ApplicationController\n  def show\n    Flipper.enabled?(:a)\n  end\n  def pay\n    Flipper.enabled?(:b)\n  end\nend\n`,
      'app/controllers/orders_controller.rb': `class OrdersController < ApplicationController\n  def create\n    Flipper.enabled?(:c)\n  end\n  def preview\n    Flipper.enabled?(:d)\n  end\n  def show\n    Flipper.enabled?(:e)\n  end\nend\n`,
      'app/controllers/admin/line_items_controller.rb': `module Admin\n  class LineItemsController < ApplicationController\n    def update\n      Flipper.enabled?(:f)\n    end\n  end\nend\n`,
      'app/jobs/sync_job.rb': `class SyncJob < ApplicationJob\n  queue_as :low\n  def perform(id)\n    Flipper.enabled?(:g)\n  end\nend\n`,
      'lib/server.rb': `require 'sinatra'\npost "/send" do\n  Flipper.enabled?(:h)\nend\n`,
    });
    const said = finder.references().map(({ key, function: fn, route }) => [key, fn, route]);
    expect(said).toEqual([
      ['f', 'Admin.LineItemsController.update', 'PATCH /admin/line_items/:id'],
      ['a', 'CartsController.show', 'GET /cart'],
      ['b', 'CartsController.pay', 'POST /pay'],
      ['c', 'OrdersController.create', 'POST /orders'],
      ['d', 'OrdersController.preview', 'GET /orders/:order_id/preview'],
      ['e', 'OrdersController.show', null],
      ['g', 'SyncJob.perform', null],
      ['h', 'POST /send', 'POST /send'],
    ]);
    const jobs = await finder.index.facts('app/jobs/sync_job.rb');
    expect(jobs?.codePaths.map(({ name, kind }) => [name, kind])).toEqual([['SyncJob.perform', 'job']]);
  });
});

describe('templates of Ruby', () => {
  it('reads ERB where it stands', async () => {
    const source = `<h1>Flipper.enabled?(:no)</h1>
<%# Flipper.enabled?(:no) %>
<% if Flipper.enabled?(:new_ui, current_user) # Flipper.enabled?(:no) %>
  <p class="<%= Flipper.enabled?(:wide) ? 'w' : 'n' -%>">x</p>
<% else %>
  <b>old</b>
<% end %>
<% items.each do |item| %><%= item if feature_enabled?("each") %><% end %>
<% if Flipper.enabled?(:text) %>text<% end %>
<% case Flipper.enabled?(:case) %>
<% when true %>a
<% end %>
<% on = Flipper.enabled?(:stored) %>
<% if on %><b>x</b><% end %>
<%% Flipper.enabled?(:no) %>
<!-- Flipper.enabled?(:no) -->
`;
    const others = {
      'app/helpers/f.rb': `module F\n  def feature_enabled?(name) = Flipper.enabled?(name, user)\nend\n`,
    };
    expect(await rows(source, 'app/views/a.html.erb', others)).toEqual([
      'new_ui@3:24 literal [3-5 truthy] [5-7 falsy]',
      'wide@4:34 literal [4-4 truthy] [4-4 falsy]',
      'each@8:56 wrapper [8-8 truthy]',
      'text@9:24 literal [9-9 truthy]',
      'case@10:26 literal [11-12 truthy]',
      'stored@13:26 literal [14-14 truthy]',
    ]);
  });

  it('reads HAML where it stands', async () => {
    const source = `%h1 Flipper.enabled?(:no)
-# Flipper.enabled?(:no)
- if Flipper.enabled?(:new_ui, current_user)
  %p.wide{ class: Flipper.enabled?(:wide) ? "w" : "n",
    id: 1 }= Flipper.enabled?(:value)
- elsif Flipper.enabled?(:other)
  text #{Flipper.enabled?(:text)}
- else
  %b old
- on = Flipper.enabled?(:stored)
- if on
  %i stored
- for group in groups
  %i= group if Flipper.enabled?(:grouped)
- items.each do |item| # all
  = item unless Flipper.enabled?(:each)
:javascript
  if (Flipper.enabled?(:no)) {}
`;
    expect(await rows(source, 'app/views/a.html.haml')).toEqual([
      'new_ui@3:23 literal [3-6 truthy] [6-10 falsy]',
      'wide@4:36 literal [4-4 truthy] [4-4 falsy]',
      'value@5:31 literal',
      'other@6:26 literal [6-8 truthy] [8-10 falsy]',
      'text@7:27 literal',
      'stored@10:25 literal [11-13 truthy]',
      'grouped@14:33 literal [14-14 truthy]',
      'each@16:34 literal [16-16 falsy]',
    ]);
  });
});
