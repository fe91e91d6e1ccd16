/** The first schema: the journal and the rows that it leads to. */
import { sql, type Kysely } from 'kysely'

const statements = [
  `CREATE TABLE lease (
     name text PRIMARY KEY,
     epoch bigint NOT NULL,
     starts bigint NOT NULL,
     install text NOT NULL CHECK (install ~ '^[0-9a-z]{4}$'),
     environment text NOT NULL,
     venue text NOT NULL,
     account text NOT NULL,
     taken_at timestamptz NOT NULL DEFAULT now())`,

  `CREATE TABLE batches (
     id text PRIMARY KEY,
     epoch bigint NOT NULL,
     at timestamptz NOT NULL DEFAULT now())`,

  `CREATE TABLE journal (
     position bigint PRIMARY KEY,
     address text NOT NULL,
     seq bigint NOT NULL CHECK (seq > 0),
     turn text NOT NULL,
     at bigint NOT NULL,
     type text NOT NULL,
     body jsonb NOT NULL,
     from_state text NOT NULL,
     to_state text NOT NULL,
     CONSTRAINT journal_once UNIQUE (address, seq))`,

  `CREATE TABLE trade_pairs (
     pair_id text PRIMARY KEY,
     instrument text NOT NULL,
     strategy text NOT NULL,
     bought numeric NOT NULL CHECK (bought >= 0),
     held numeric NOT NULL CHECK (held >= 0 AND held <= bought),
     sold numeric NOT NULL CHECK (sold >= 0),
     cost numeric NOT NULL,
     proceeds numeric NOT NULL,
     fees numeric NOT NULL,
     min_sell_price numeric,
     opened_at bigint,
     closed_at bigint,
     held_because text,
     state text NOT NULL,
     since bigint NOT NULL,
     seq bigint NOT NULL,
     version integer NOT NULL,
     finished boolean NOT NULL,
     snapshot jsonb NOT NULL,
     CONSTRAINT trade_pairs_cover CHECK (sold <= held))`,
  `CREATE INDEX trade_pairs_unfinished ON trade_pairs (pair_id) WHERE NOT finished`,

  `CREATE TABLE orders (
     client_order_id text PRIMARY KEY CHECK (length(client_order_id) <= 36),
     pair_id text NOT NULL REFERENCES trade_pairs,
     leg text NOT NULL CHECK (leg IN ('buy', 'sell')),
     attempt integer NOT NULL CHECK (attempt > 0),
     instrument text NOT NULL,
     side text NOT NULL CHECK (side IN ('buy', 'sell')),
     quantity numeric NOT NULL CHECK (quantity > 0),
     price numeric NOT NULL CHECK (price > 0),
     filled numeric NOT NULL CHECK (filled >= 0),
     venue_order_id text,
     claimed_at bigint NOT NULL,
     live boolean NOT NULL,
     reason text,
     state text NOT NULL,
     since bigint NOT NULL,
     seq bigint NOT NULL,
     version integer NOT NULL,
     finished boolean NOT NULL,
     snapshot jsonb NOT NULL,
     UNIQUE (pair_id, leg, attempt))`,
  // At most one order of a leg can be, or come to be, working at the venue (I1).
  `CREATE UNIQUE INDEX orders_one_live ON orders (pair_id, leg) WHERE live`,
  `CREATE INDEX orders_unfinished ON orders (client_order_id) WHERE NOT finished`,

  `CREATE TABLE fills (
     venue text NOT NULL,
     instrument text NOT NULL,
     trade_id text NOT NULL,
     venue_order_id text NOT NULL,
     client_order_id text NOT NULL REFERENCES orders,
     pair_id text NOT NULL REFERENCES trade_pairs,
     side text NOT NULL CHECK (side IN ('buy', 'sell')),
     quantity numeric NOT NULL CHECK (quantity > 0),
     price numeric NOT NULL CHECK (price > 0),
     fee numeric NOT NULL,
     fee_asset text NOT NULL,
     liquidity text NOT NULL,
     at bigint NOT NULL,
     -- A self-trade gives one trade id to both of its orders, so the order is part of the key (I3, FS-26).
     CONSTRAINT fills_once PRIMARY KEY (venue, instrument, trade_id, venue_order_id))`,
  `CREATE INDEX fills_order ON fills (client_order_id)`,
  `CREATE INDEX fills_sold ON fills (pair_id) WHERE side = 'sell'`,

  `CREATE TABLE lots (
     venue text NOT NULL,
     instrument text NOT NULL,
     trade_id text NOT NULL,
     venue_order_id text NOT NULL,
     pair_id text NOT NULL REFERENCES trade_pairs,
     net numeric NOT NULL CHECK (net >= 0),
     PRIMARY KEY (venue, instrument, trade_id, venue_order_id),
     FOREIGN KEY (venue, instrument, trade_id, venue_order_id) REFERENCES fills)`,
  `CREATE INDEX lots_pair ON lots (pair_id)`,

  `CREATE TABLE system_state (
     address text PRIMARY KEY,
     state text NOT NULL,
     since bigint NOT NULL,
     seq bigint NOT NULL,
     version integer NOT NULL,
     finished boolean NOT NULL,
     snapshot jsonb NOT NULL)`,

  `CREATE TABLE deadlines (
     address text NOT NULL,
     name text NOT NULL,
     due_at bigint NOT NULL,
     PRIMARY KEY (address, name))`,

  `CREATE TABLE quarantine (
     id text PRIMARY KEY,
     at bigint NOT NULL,
     address text NOT NULL,
     event jsonb NOT NULL,
     detail text NOT NULL)`,

  // The cover rule, over the pairs that a batch touched: totals equal their rows, never more is sold than was bought, and
  // for the pairs that begin a sell, never more is sold and on offer than was bought (I4). A late fill of an ended sell is
  // a fact and is booked even while its replacement is still on offer; the pair takes that back (FS-23). Its plan is made when the tables are empty and kept for the session's
  // life: without the setting it would read whole tables for every pair, for ever.
  `CREATE FUNCTION uncovered_pair(pairs text[], offering text[]) RETURNS text LANGUAGE sql STABLE SET enable_seqscan = off AS $$
     SELECT format('%s: held %s of %s in lots, sold %s of %s in fills, on offer %s', p.pair_id, p.held, l.net, p.sold, f.sold, o.open)
     FROM trade_pairs p
     CROSS JOIN LATERAL (SELECT coalesce(sum(net), 0) AS net FROM lots WHERE pair_id = p.pair_id) l
     CROSS JOIN LATERAL (SELECT coalesce(sum(quantity), 0) AS sold FROM fills WHERE pair_id = p.pair_id AND side = 'sell') f
     CROSS JOIN LATERAL (SELECT coalesce(sum(quantity - filled), 0) AS open FROM orders
                         WHERE pair_id = p.pair_id AND leg = 'sell' AND live) o
     WHERE p.pair_id = ANY (pairs)
       AND (p.held <> l.net OR p.sold <> f.sold OR f.sold > l.net OR (p.pair_id = ANY (offering) AND f.sold + o.open > l.net))
     LIMIT 1 $$`,
]

export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
