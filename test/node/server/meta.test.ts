import { testConversations } from './conversation.ts';

testConversations({
  'ms stores, mg returns what is asked for in the order asked': `
    > ms k 5 F7 T100
    > hello
    > mg k v
    > mg k s v t c f h k O123
    > mg k
    < HD
    < VA 5
    < hello
    < VA 5 s5 t100 c1 f7 h1 kk O123
    < hello
    < HD`,
  'a miss is EN, and nothing when quiet; key and opaque come back with it': `
    > mg k v
    > mg k v q
    > mg k k O9
    > mg k k O9 q
    < EN
    < EN kk O9`,
  'quiet keeps back what is usual and nothing else': `
    > ms a 1 q
    > 1
    > ms a 1 q ME
    > 1
    > ms a 1 q C99
    > 1
    > ms x 1 q C99
    > 1
    > mg a q v
    > mg x q v
    > ma a q v
    > ma x q
    > md a q
    > md a q
    < NS
    < EX
    < NF
    < VA 1
    < 1
    < NF
    < NF`,
  'modes of ms': `
    > ms k 1 MA
    > 1
    > ms k 1 MP
    > 1
    > ms k 1 MR
    > 1
    > ms k 1 ME
    > b
    > ms k 1 ME
    > b
    > ms k 1 MA
    > c
    > ms k 1 MP
    > a
    > mg k v
    > ms k 1 MR
    > r
    > ms k 1 MS
    > s
    > mg k v
    < NS
    < NS
    < NS
    < HD
    < NS
    < HD
    < HD
    < VA 3
    < abc
    < HD
    < HD
    < VA 1
    < s`,
  'append and prepend create with N what is not there': `
    > ms k 1 MA N30
    > b
    > ms k 1 MA N60
    > c
    > mg k v t
    > ms l 1 MP N30 C1
    > a
    < HD
    < HD
    < VA 2 t30
    < bc
    < HD`,
  'versions: compared with C, given with E, returned with c': `
    > ms k 1 c
    > a
    > ms k 1 C1 c
    > b
    > ms k 1 C1
    > c
    > ms k 1 E500 c
    > d
    > mg k c
    > ms k 1 C500 E501 MA c
    > e
    > ms k 1 c C1
    > f
    > mg k v c
    > md k C1
    > md k C501
    > ms x 1 C5 c
    > g
    < HD c1
    < HD c2
    < EX
    < HD c500
    < HD c500
    < HD c501
    < EX c0
    < VA 2 c501
    < de
    < EX
    < HD
    < NF c0`,
  'ma counts': `
    > ma n
    > ma n N0 J13 v
    > ma n v
    > ma n D10 v
    > ma n MD D4 v t c
    > ma n MD D100 v
    > ma n MI D18446744073709551615 v
    > ma n v
    > ma n T30 t
    > ma n C1
    > ms t 1
    > x
    > ma t
    < NF
    < VA 2
    < 13
    < VA 2
    < 14
    < VA 2
    < 24
    < VA 2 t-1 c4
    < 20
    < VA 1
    < 0
    < VA 20
    < 18446744073709551615
    < VA 1
    < 0
    < HD t30
    < EX
    < HD
    < CLIENT_ERROR cannot increment or decrement non-numeric value`,
  'ma with E gives its version': `
    > ma n N0 J1 E77 c
    > ma n E78 c
    < HD c77
    < HD c78`,
  'md removes, and returns key and opaque': `
    > ms k 1
    > 1
    > md k k O7
    > md k k O7
    < HD
    < HD kk O7
    < NF kk O7`,
  'base64 keys are the bytes they stand for': `
    > ms Zm9v 1 b k
    > 1
    > mg foo v
    > mg Zm9v b v k
    > md Zm9v b
    > mg foo v
    > mg AAECAw== b N30 k
    > mg AAECAw== b v k
    > me AAECAw== b
    < HD kZm9v b
    < VA 1
    < 1
    < VA 1 kZm9v b
    < 1
    < HD
    < EN
    < HD kAAECAw== b W
    < VA 0 kAAECAw== b Z
    <
    < ME AAECAw== exp=30 la=0 cas=3 fetch=yes cls=1 size=40`,
  'a lease on a miss: the first to come wins, the others are told, the winner fills': `
    > mg k v c t N30
    > mg k v c t N30
    > ms k 3 C1 T60
    > new
    > mg k v c t N30
    < VA 0 c1 t30 W
    <
    < VA 0 c1 t30 Z
    <
    < HD
    < VA 3 c2 t60
    < new`,
  'a lease that is not filled ends with its time, and the next one wins': `
    > mg k N30
    > mg k N30
    < HD W
    < HD Z
    +30
    > mg k N30
    < HD W`,
  'a fill that comes after a delete is refused': `
    > mg k N30 c
    > md k
    > ms k 1 C1
    > 1
    > mg k
    < HD c1 W
    < HD
    < NF
    < EN`,
  'invalidating keeps the value as stale, and one caller is to replace it': `
    > ms k 3
    > old
    > md k I T30
    > mg k v t c
    > mg k v t c
    > ms k 3 C1
    > bad
    > ms k 3 C2
    > new
    > mg k v t
    < HD
    < HD
    < VA 3 t30 c2 X W
    < old
    < VA 3 t30 c2 Z X
    < old
    < EX
    < HD
    < VA 3 t-1
    < new`,
  'invalidating again lets another caller win': `
    > ms k 1
    > 1
    > md k I
    > mg k
    > md k I
    > mg k
    > mg k
    < HD
    < HD
    < HD X W
    < HD
    < HD X W
    < HD Z X`,
  'invalidating with a version that is not the one changes nothing': `
    > ms k 1
    > 1
    > md k I C9
    > mg k
    > md k I C1 E1000
    > mg k c
    < HD
    < EX
    < HD
    < HD
    < HD c1000 X W`,
  'a fill with an older version is taken as stale with I': `
    > ms k 3 T30
    > one
    > md k I
    > mg k
    > ms k 3 I C1 T90
    > two
    > mg k v t
    > ms k 3 I C99
    > bad
    < HD
    < HD
    < HD X W
    < HD
    < VA 3 t30 Z X
    < two
    < EX`,
  'recache: the first caller within the last seconds wins': `
    > ms k 1 T20
    > 1
    > mg k R10 t
    > mg k R30 t
    > mg k R30 t
    < HD
    < HD t20
    < HD t20 W
    < HD t20 Z
    > ms k 1 T20
    > 1
    < HD
    +11
    > mg k R10 t
    > ms f 1
    > 1
    > mg f R10
    < HD t9 W
    < HD
    < HD`,
  'T moves the deadline of what is read': `
    > ms k 1 T20
    > 1
    > mg k T100 t
    > mg k t
    > mg k T0 t
    > mg k T-1
    > mg k
    < HD
    < HD t100
    < HD t100
    < HD t-1
    < HD
    < EN`,
  'h and l are as they were before the access, and u counts as none': `
    > ms k 1
    > 1
    > mg k h l u
    < HD
    < HD h0 l0
    +5
    > mg k h l u
    > mg k h l
    > mg k h l
    < HD h0 l5
    < HD h0 l5
    < HD h1 l0`,
  'me tells all about an item, without touching it': `
    > set k 0 50 3
    > abc
    > me k
    > me k
    > get k
    > me k
    > me x
    < STORED
    < ME k exp=50 la=0 cas=1 fetch=no cls=1 size=40
    < ME k exp=50 la=0 cas=1 fetch=no cls=1 size=40
    < VALUE k 0 3
    < abc
    < END
    < ME k exp=50 la=0 cas=1 fetch=yes cls=1 size=40
    < EN`,
  'router hints P and L are ignored, opaque may be 32 bytes': `
    > ms k 1 Pa Lb
    > 1
    > mg k v P/x L/y O12345678901234567890123456789012
    < HD
    < VA 1 O12345678901234567890123456789012
    < 1`,
  'malformed meta commands': `
    > mg k !
    > mg k v v
    > mg k Nx
    > ma k MX
    > ms k 1 MX
    > 1
    > mg
    < CLIENT_ERROR invalid flag
    < CLIENT_ERROR duplicate flag
    < CLIENT_ERROR bad token in command line format
    < CLIENT_ERROR invalid mode for ma M token
    < CLIENT_ERROR invalid mode for ms M token
    < ERROR`,
  'text and meta see the same items': `
    > set k 5 0 1
    > 1
    > mg k v f
    > ms k 1 F6
    > 2
    > gets k
    < STORED
    < VA 1 f5
    < 1
    < HD
    < VALUE k 6 1 2
    < 2
    < END`,
});
