import { testConversations } from './conversation.ts';

testConversations({
  'set and get, with client flags': `
    > set k 7 0 5
    > hello
    < STORED
    > get k
    < VALUE k 7 5
    < hello
    < END`,
  'a get of several keys answers those that are there, in the order asked for': `
    > set a 0 0 1
    > 1
    > set b 0 0 1
    > 2
    < STORED
    < STORED
    > get b x a b
    < VALUE b 0 1
    < 2
    < VALUE a 0 1
    < 1
    < VALUE b 0 1
    < 2
    < END`,
  'an empty value': `
    > set k 0 0 0
    >
    < STORED
    > get k
    < VALUE k 0 0
    <
    < END`,
  'add, replace, append and prepend': `
    > add k 1 0 1
    > a
    > add k 2 0 1
    > b
    > replace k 3 0 1
    > c
    > append k 4 0 1
    > d
    > prepend k 5 0 1
    > b
    > get k
    < STORED
    < NOT_STORED
    < STORED
    < STORED
    < STORED
    < VALUE k 3 3
    < bcd
    < END
    > replace x 0 0 1
    > 1
    > append x 0 0 1
    > 1
    > prepend x 0 0 1
    > 1
    < NOT_STORED
    < NOT_STORED
    < NOT_STORED`,
  'gets gives versions, cas stores over the one it names': `
    > set k 0 0 1
    > a
    > gets k
    > cas k 0 0 1 1
    > b
    > cas k 0 0 1 1
    > c
    > cas x 0 0 1 1
    > d
    > gets k
    < STORED
    < VALUE k 0 1 1
    < a
    < END
    < STORED
    < EXISTS
    < NOT_FOUND
    < VALUE k 0 1 2
    < b
    < END`,
  'incr and decr': `
    > set n 0 0 1
    > 9
    > incr n 2
    > decr n 3
    > get n
    > decr n 100
    > incr n 18446744073709551615
    > incr n 1
    > get n
    < STORED
    < 11
    < 8
    < VALUE n 0 2
    < 8·
    < END
    < 0
    < 18446744073709551615
    < 0
    < VALUE n 0 20
    < 0···················
    < END
    > incr x 1
    > decr x 1
    < NOT_FOUND
    < NOT_FOUND
    > set t 0 0 3
    > abc
    > incr t 1
    < STORED
    < CLIENT_ERROR cannot increment or decrement non-numeric value`,
  delete: `
    > set k 0 0 1
    > 1
    > delete k
    > delete k
    > get k
    < STORED
    < DELETED
    < NOT_FOUND
    < END`,
  'noreply silences every command that takes it': `
    > set k 0 0 1 noreply
    > 1
    > add k 0 0 1 noreply
    > 2
    > replace k 0 0 1 noreply
    > 3
    > append k 0 0 1 noreply
    > 4
    > prepend k 0 0 1 noreply
    > 2
    > cas k 0 0 1 999 noreply
    > 9
    > incr k 1 noreply
    > decr k 2 noreply
    > touch k 0 noreply
    > get k
    < VALUE k 0 3
    < 233
    < END
    > delete k noreply
    > get k
    > flush_all noreply
    > verbosity 1 noreply
    < END`,
  'exptime: relative, never, negative, absolute': `
    > set relative 0 10 1
    > 1
    > set never 0 0 1
    > 2
    > set negative 0 -1 1
    > 3
    > set absolute 0 1800000020 1
    > 4
    > set past 0 1700000000 1
    > 5
    > get relative never negative absolute past
    < STORED
    < STORED
    < STORED
    < STORED
    < STORED
    < VALUE relative 0 1
    < 1
    < VALUE never 0 1
    < 2
    < VALUE absolute 0 1
    < 4
    < END
    +9
    > get relative absolute
    < VALUE relative 0 1
    < 1
    < VALUE absolute 0 1
    < 4
    < END
    +1
    > get relative absolute
    < VALUE absolute 0 1
    < 4
    < END
    +10
    > get absolute never
    < VALUE never 0 1
    < 2
    < END`,
  'touch and gat move the deadline': `
    > set k 0 5 1
    > 1
    > touch k 10
    > touch x 10
    < STORED
    < TOUCHED
    < NOT_FOUND
    +9
    > gat 10 k x
    < VALUE k 0 1
    < 1
    < END
    +9
    > gats 0 k
    < VALUE k 0 1 1
    < 1
    < END
    +1000
    > get k
    > touch k -1
    > get k
    < VALUE k 0 1
    < 1
    < END
    < TOUCHED
    < END`,
  'flush_all, at once and with a delay': `
    > set a 0 0 1
    > 1
    > flush_all
    > get a
    > set b 0 0 1
    > 2
    > get b
    > flush_all 10
    > get b
    < STORED
    < OK
    < END
    < STORED
    < VALUE b 0 1
    < 2
    < END
    < OK
    < VALUE b 0 1
    < 2
    < END
    +10
    > get b
    < END`,
  'version, verbosity, shutdown': `
    > version
    > verbosity 1
    > shutdown
    < VERSION 1.6.0-ringway-0.1.0
    < OK
    < ERROR: shutdown not enabled`,
  'quit ends the connection after the replies before it': `
    > set k 0 0 1
    > 1
    > quit
    > get k
    < STORED
    < <closed>`,
  'unknown commands and malformed lines are answered, and the data block of a refused store is skipped': `
    > bogus
    > get
    > incr k x
    > set k x 0 3
    > get
    < ERROR
    < ERROR
    < CLIENT_ERROR invalid numeric delta argument
    < CLIENT_ERROR bad command line format`,
  'a value that is not followed by CRLF ends the connection': `
    > set k 0 0 3
    > hello
    < CLIENT_ERROR bad data chunk
    < <closed>`,
});
