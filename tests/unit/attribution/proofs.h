/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_UNIT_ATTRIBUTION_PROOFS_H
#define OL_TESTS_UNIT_ATTRIBUTION_PROOFS_H

/* Written by proofs.mjs. */

/* clang-format off */
static const char log_text[] = "log.example/batches+4ec662d2+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c";
static const char witness_text_0[] = "witness.example/1+165714c8+BIE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU";
static const char witness_text_1[] = "witness.example/2+c6b3b5a9+BO1JKMYo0cLG6ukDOJBZlWEpWSc6XGP5NjbBRhSshzfR";
static const char witness_text_2[] = "witness.example/3+8a66f836+BMqTrBcFGHBx1nuDx/8O/oEI6OxFMFdddyaHkzPb2r58";

static const char proof_0_of_1[] =
    "c2sp.org/tlog-proof@v1\n"
    "index 0\n"
    "\n"
    "log.example/batches\n"
    "1\n"
    "0lK/Z5c8FKoeHKyp4n4h/DvmrKKnuE+a+wfVhrySHjI=\n"
    "\n"
    "\xe2\x80\x94 log.example/batches TsZi0v0pthTjXOn9t53/SZXxEVXY3i7Fz9bWmGc1Rxr838HngeMvzjVdRck9oY/P3bfT6/Sx4zCyK8Y8TANZYHpDLgs=\n"
    "\xe2\x80\x94 witness.example/1 FlcUyAAAAABlU/EAVhgWMII2XD/joYps8YR9OnKq5pOeecX69sZckDW1S7lwaOkD8B92R3o6qxgM5irZdt0qA4+3rV8raYGPij2HDw==\n"
    "\xe2\x80\x94 witness.example/2 xrO1qQAAAABlU/EBh2RXvLhiVPwGv62/YYGCU8veD/cfrhmwXSWQ4XoyKYin57HCSr5PfebvLK8u+dS9e7hZis92paMivLhocY2+AQ==\n"
    "\xe2\x80\x94 witness.example/3 imb4NgAAAABlU/ECsHihL9o7hPhRWMkdLIRVpKVLM+cJ1wdDB+ASOg1rujRsTr9lVZ6P+9KdQdJNxExrviFZ6fuGInXiV9jIGlZ5Ag==\n";

static const char proof_1_of_2[] =
    "c2sp.org/tlog-proof@v1\n"
    "index 1\n"
    "dziFphNIniTOLPdhmdakI/BC5LvxLX7s7pEu8nbGVwE=\n"
    "\n"
    "log.example/batches\n"
    "2\n"
    "rsNcvQXeZ/KQZ1pu2qleCOX7aMLkjaQGRw6VO3oLdC0=\n"
    "\n"
    "\xe2\x80\x94 log.example/batches TsZi0snmyFL6vpfT2dEb0oh+eRVt1qbLnwsHCRk+/7ABqrTmH6OgL6X/UwATpqphOUZ2w87apgiN8LGBKus4Kl2ztA4=\n"
    "\xe2\x80\x94 witness.example/1 FlcUyAAAAABlU/EAE7fim/L/yMcXxrcrgfl7viYAC0oTmAnpPYoGrqYA2QBJgvok26D1PQXdgMsRe0ZkZs9MKaEgn//c9lMOUsXvAg==\n"
    "\xe2\x80\x94 witness.example/2 xrO1qQAAAABlU/EB9nmV2YwNdYjdoe2HwSaizsgqwhu3CTPL3gKPJ0kLm5kB0312xYsIopEgVP4N3zWkqT0HKR2mVdr9p9GT93AQCQ==\n"
    "\xe2\x80\x94 witness.example/3 imb4NgAAAABlU/EC6gVeUcz/ZeGdbudgX27TF1JytunYZ3ybyqsEOVTTcXlYHqnjcJoMRi6P78ORVPNoXSP77ngw1cd9Fc8UVWyBDA==\n";

static const char proof_2_of_3[] =
    "c2sp.org/tlog-proof@v1\n"
    "index 2\n"
    "WkdmL9ijF9lgSaP59HxV3GfKZgUbqjaD27GbL+CaB7A=\n"
    "\n"
    "log.example/batches\n"
    "3\n"
    "C7BNejHqV9F8a2Wfdwfy1mE3RiXJi7noMjox8GGzOC0=\n"
    "\n"
    "\xe2\x80\x94 log.example/batches TsZi0vabFCP2Eudfcal7WeyiWYUMSfhCuNZh/jQ3TrMTEgK6IMcSCIx3gVNqGrZJlKeYO8HrsT9LVMWOn/OvNCOtsQ8=\n"
    "\xe2\x80\x94 witness.example/1 FlcUyAAAAABlU/EA6VxgR6WeMLdYohT8yzODFpncPZ07xmgPK8IswrwUgRfWunj5ZDLSobw5Yd/wzAxSqyTartfi7oBSqXKjSr3SDg==\n"
    "\xe2\x80\x94 witness.example/2 xrO1qQAAAABlU/EBif3J6J/ZkD8qSGoxOojpcr26tcuVXth4OtpSWBUV8Vd81DhkLpXOfWXpVEKrDVSfVCjDIvocRjR8Eb6D02vMAA==\n"
    "\xe2\x80\x94 witness.example/3 imb4NgAAAABlU/ECmWOZVErwzXfmDwb3UpeIKoJg5he2+uuGC1cq9vkr/Emfb9Ge2balK2QdJR7bdO7v4dyhTnBZ4hm/lJdr06tGAQ==\n";

static const char proof_4_of_6[] =
    "c2sp.org/tlog-proof@v1\n"
    "index 4\n"
    "n/U3thiiV++CkIxFkVrLrrbZ3qA11tk5ZPyIwZ6YyLM=\n"
    "l5nzB1F+9RfCIF35tndivzR1ayAJn7ffzOdrzr0nOy4=\n"
    "\n"
    "log.example/batches\n"
    "6\n"
    "Em5oeYptW081RS8djdjJ7ghkLyVpoAd+keX3imlSCFI=\n"
    "\n"
    "\xe2\x80\x94 log.example/batches TsZi0sAWKD+rKYdPSae4GLQ5Rq4r1hFGYTeScq7gb/SNbYdfUCOqcm77w/bqXVsJlkpdPxzSQPsde6+LAIC2skkXdw0=\n"
    "\xe2\x80\x94 witness.example/1 FlcUyAAAAABlU/EA6P/l0VdREFhKYfOCE9gZdNm80UznmKnbQyBitjdkEpv4i2uep4t4IgOe/lFFVyX1+HI1Q9KhDCQ8Z8XKvoLUBA==\n"
    "\xe2\x80\x94 witness.example/2 xrO1qQAAAABlU/EBMPfVYrmNfpk7km3NUErOTVv2PYGkR5nWjQuY2xR9zqtiVhmdiRKCuqgDYpu5RWxm4pVEKHdIA+BxkOt9/t0gDg==\n"
    "\xe2\x80\x94 witness.example/3 imb4NgAAAABlU/ECZNYqeO9nBa5HkFR9kmadt7lGtQYp22oW8K3Fsi0mz9n70izGWB5WwK8NFp8HevpzmhkGdLnNzgWGJloV+mefCA==\n";

static const char proof_6_of_7[] =
    "c2sp.org/tlog-proof@v1\n"
    "index 6\n"
    "3QN52DrH8WTn7qMM3O+1dQglTEj3Zq/M09l2Nl4yjMw=\n"
    "l5nzB1F+9RfCIF35tndivzR1ayAJn7ffzOdrzr0nOy4=\n"
    "\n"
    "log.example/batches\n"
    "7\n"
    "Rl2SnX9bA/0RIkk7XF8nJY4rAGV8NCcPpvHMZYVV0hA=\n"
    "\n"
    "\xe2\x80\x94 log.example/batches TsZi0gGdxhpTTzDrjFDn474b2HUYhE6FbmN3P+GL6Dqyf8mXZ+QRP4G3S4Lv8VMYdxCwcvVb3xgd0iO0vlMJyXX73wo=\n"
    "\xe2\x80\x94 witness.example/1 FlcUyAAAAABlU/EAs/PhserB+s6ExweV4llQVGyvUqd1f5Zsbvvr6qsSVRxgDFOI2cu+gE87hcqVhVNwMuEMdx0MUoP31ns/GK12AQ==\n"
    "\xe2\x80\x94 witness.example/2 xrO1qQAAAABlU/EBwoleCw/HVUGcsP87DRjo5wS8SZWx+vSASbzdt1kmW7xrJUxeQd4eY3CQUVwoz8tHU4RumXpI8eD5GMB0El6qCg==\n"
    "\xe2\x80\x94 witness.example/3 imb4NgAAAABlU/ECGjDqjerJtvZZy1sDneRMcz4DhifbtCJgoG3d3uB/cAmcGicL90UJ6WlWCEIDTtG/3dLPzDl3FRZu+l0zXqbCCw==\n";

static const char proof_0_of_8[] =
    "c2sp.org/tlog-proof@v1\n"
    "index 0\n"
    "Lfs2xvZsrDYUKc9G34aKuCQtOmRB8Qmcj7P5jsXRCKQ=\n"
    "3b3oD8zesxmO9puOHwk0+84pbGur+3OFdKT2KXImZ5M=\n"
    "GhZ/vGuCwqdE9v+gpidhde2wC9MFkqXnT3ohqdIDqCg=\n"
    "\n"
    "log.example/batches\n"
    "8\n"
    "kAuJjzSExTXGOZAhiBU/sv1aHCgBfYBe/p8pCIEYV7U=\n"
    "\n"
    "\xe2\x80\x94 log.example/batches TsZi0tJ+4SrBRVQjHuO6iMil2ky/3YzzfrzRRGCk3Qi1Uo/29JpkaITI8IVllAjmMeJG8Meb7wn/4NgL4AIcQ0BsFQA=\n"
    "\xe2\x80\x94 witness.example/1 FlcUyAAAAABlU/EAn96AJ1k2CQe2BhbwUTrIKI5Y0jzvW0+Cg7hvIf9xZlPa06gJFrzcIrrWr6vkgGcEoF4RyDA64i35W52+932iBg==\n"
    "\xe2\x80\x94 witness.example/2 xrO1qQAAAABlU/EB2L7+D/bCb3vi9uJhHevOCTkRynmvctlJbANZ/wrt6GkCs46F4cFjbeDX+R3y4WddFthoYi7SNus5J4kz/7LuAA==\n"
    "\xe2\x80\x94 witness.example/3 imb4NgAAAABlU/ECWipvzUOxpPw7W20sfme70IANEaaRclicHv/f1UI5uS3i4wuNEDA/3sBlsBBUSjjbAGJFtJQ/9yEQpS6IH1tKBw==\n";

static const char proof_777_of_1000[] =
    "c2sp.org/tlog-proof@v1\n"
    "index 777\n"
    "+wx6Tu3YJlUigTVgCTFBa3bzh3Ezg0gj4g759kIpwo8=\n"
    "HmFJREatIPwAQgaPrninuvy47JM2/goZ46g0oiEh2HE=\n"
    "EPyngmf+WWCKG66T8SmDzQ4N6gXpM6pf2TWyPbklDwg=\n"
    "1UIUj+fves8vb6QDQSXNHskg9A8JhAwRLKQ2QlbnLMc=\n"
    "vhlS7mRDfw8ZCgPc6E6x61ddwgEpiYFp4fS9eOsLgPo=\n"
    "z8sFKMCbR8Qr1vDc15l83kq7iuzKtnsa+TZY5CdzEV0=\n"
    "H6qXMUZbyMkVsxuVXU5e+VB5K74aUl5gtKaW5WYWZPc=\n"
    "jPudrFkK48GTDIolD1q+X44HvVq37X5pSqY8Mqyi2Gw=\n"
    "k9pJNZFHSVnKwKaCayEIxku4oi30S/6/njGup+WMXy4=\n"
    "xtuUnnbP1dYUB8c6SBkhJlqwJOphMdAtxrcN79/U+to=\n"
    "\n"
    "log.example/batches\n"
    "1000\n"
    "LiHfQDXS+uVjOt4wkp3Q8LRSPn+KAEW2PVmTtbTNzYI=\n"
    "\n"
    "\xe2\x80\x94 log.example/batches TsZi0ikEHWN7XH5+HR5qp9rZ7k1gVlS2gDny7wrX0j2ZLCkpEogAJqvxGyRedUrqM1lLfex6BdUodK47PX6CCrIhfAA=\n"
    "\xe2\x80\x94 witness.example/1 FlcUyAAAAABlU/EAzHltSjhCf2omxs4hOgGvInWttfgIHuz3FShqBlWED0VG+m/4aQ+Y6V0grQuArWPAQ/iyeIDs9rhg7wSywpz6AQ==\n"
    "\xe2\x80\x94 witness.example/2 xrO1qQAAAABlU/EBANd1t8sBIKdg6iBgkJL4Xgl+iVwbXenkclZV7f1+clGL+NwV1/j9Jy18VtPZOQHZMZ+sQKISFd086yEfC0bgCw==\n"
    "\xe2\x80\x94 witness.example/3 imb4NgAAAABlU/EC11m1XQufNtcBnXMNd1CTHhhduGN55UPr4Ag0uh4GhkY2PIy/m9sl1PgDYGmq99+vKPosFzyF56sMYHCu4fnhBQ==\n";

static const char proof_with_all[] =
    "c2sp.org/tlog-proof@v1\n"
    "extra AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n"
    "index 3\n"
    "V8efTzGuApxdS9MLBzwnyU35NDiytGl+Hh7vW8A5SkE=\n"
    "WkdmL9ijF9lgSaP59HxV3GfKZgUbqjaD27GbL+CaB7A=\n"
    "SFM123z+yWXxX/dF/GJcQdXqJkaTaTAWWCj3PdS2iFQ=\n"
    "\n"
    "log.example/batches\n"
    "5\n"
    "SEOqZPU7wUzB1WMT3Ie/9WtMp9rXL81jFUOZtR75raM=\n"
    "an extension\n"
    "and another, \xc3\xbc\n"
    "\n"
    "\xe2\x80\x94 other.example BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUF\n"
    "\xe2\x80\x94 log.example/batches BgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYG\n"
    "\xe2\x80\x94 witness.example/1 aBQQRgAAAABlU/EAoFLZws9LqPlKCvg52IAM7gNRWgCDJp0rj2PcJyjSq4Kw6hPewtCKJ7sag3tdFMRajOaOkJhDDwb5rrXad4N2DA==\n"
    "\xe2\x80\x94 log.example/batches TsZi0tgPtZDyr1GM4m0KUUxha+LNSQv9PRpkzwLsAYSWCukrLdqgJVj9dHT1t+C5dh0/lALkRP34AC4hn1knM7v9/wI=\n"
    "\xe2\x80\x94 witness.example/1 FlcUyAAAAABlU/EAz/OzDAp7GS0ZYXEAy5TIQ21cnPOjDdXEnVa8jdvvGjbVwCv2cOX3W/lHRRWQ/8HlHcinpELITvgjo0u+KzKuAA==\n"
    "\xe2\x80\x94 witness.example/2 xrO1qQAAAABlU/EBTDTh0zCsLfMLNgN5riYwMLVM4e2DsillWn9U5RSmIUezrHDC8Nx9TyyF7+oEe4qw8ylDn9oRW9gM52uhR64+Bw==\n"
    "\xe2\x80\x94 witness.example/3 imb4NgAAAABlU/ECq3M5eovJci25VSbKhT0bvh6jRq3Yz+Kn2N4dBOp7w4Wdvcl9O8ffabxtNifepcbEUr4EIF0TUJXuObDU3NzEBw==\n";

static const char other_root[] =
    "c2sp.org/tlog-proof@v1\n"
    "index 7\n"
    "vhV4G2KKKEFMHIoRuG24Qi+hBBIV/g18RJbSPNoeQUI=\n"
    "3QN52DrH8WTn7qMM3O+1dQglTEj3Zq/M09l2Nl4yjMw=\n"
    "Bh1OKv4I4I1NWsIdtdugTP3AsnpAhuNNyQC03iTvzcY=\n"
    "lJEOQnicGWJFCQhFH/mxwFCn1s3n1NLU6X8vdQlpS58=\n"
    "\n"
    "log.example/batches\n"
    "9\n"
    "p1tT4Tv6I9yQ1AMP8vV5NiRNnxlePDAJc0XZkZfSB9U=\n"
    "\n"
    "\xe2\x80\x94 log.example/batches TsZi0vdFjuAxjbE5BTOJBSNcI+PSza96y3DTIjLrJh7fqjRtQo1q+kpnwv7sG0AJeP4AJaJ7/ZN5m3PKwqYYor8hnAA=\n"
    "\xe2\x80\x94 witness.example/1 FlcUyAAAAABlU/EAjYruM/8tds3fZj96x7PzAXdJOb3+0KdZJLf+G94JcnvckOSabHEG8JYL1TKXfgWHJ4MNWt3HGryF4AnwuJ3iDQ==\n"
    "\xe2\x80\x94 witness.example/2 xrO1qQAAAABlU/EBmjYicmil48L36qjqMnZCE4ZXgvDVAVk+W+pkCzAdAWmuMjH0o/8Ptky/2/YhDuPrAPmAUGGqfRcH3Fnk1WtiAw==\n"
    "\xe2\x80\x94 witness.example/3 imb4NgAAAABlU/ECLOHmD/gytl52oyEZq0t20W2biIc9NFJ/oktqzcTuufuNV1I60HKwC+cL/qFER7Z5E7ngCY59uQO+AEjDjO9RBA==\n";

static const char one_root[] =
    "c2sp.org/tlog-proof@v1\n"
    "index 2\n"
    "YcoROfaBWEHVuvLQ0tm9nf7pfImN1ve6DAqpQe5sAes=\n"
    "WkdmL9ijF9lgSaP59HxV3GfKZgUbqjaD27GbL+CaB7A=\n"
    "IyzCnBgFxomm7TY9ctMjxjk7DG5RYbIOYYIaVaRCNUM=\n"
    "lJEOQnicGWJFCQhFH/mxwFCn1s3n1NLU6X8vdQlpS58=\n"
    "\n"
    "log.example/batches\n"
    "9\n"
    "p1tT4Tv6I9yQ1AMP8vV5NiRNnxlePDAJc0XZkZfSB9U=\n"
    "\n"
    "\xe2\x80\x94 log.example/batches TsZi0vdFjuAxjbE5BTOJBSNcI+PSza96y3DTIjLrJh7fqjRtQo1q+kpnwv7sG0AJeP4AJaJ7/ZN5m3PKwqYYor8hnAA=\n"
    "\xe2\x80\x94 witness.example/1 FlcUyAAAAABlU/EAjYruM/8tds3fZj96x7PzAXdJOb3+0KdZJLf+G94JcnvckOSabHEG8JYL1TKXfgWHJ4MNWt3HGryF4AnwuJ3iDQ==\n"
    "\xe2\x80\x94 witness.example/2 xrO1qQAAAABlU/EBmjYicmil48L36qjqMnZCE4ZXgvDVAVk+W+pkCzAdAWmuMjH0o/8Ptky/2/YhDuPrAPmAUGGqfRcH3Fnk1WtiAw==\n"
    "\xe2\x80\x94 witness.example/3 imb4NgAAAABlU/ECLOHmD/gytl52oyEZq0t20W2biIc9NFJ/oktqzcTuufuNV1I60HKwC+cL/qFER7Z5E7ngCY59uQO+AEjDjO9RBA==\n";

static const char other_view[] =
    "c2sp.org/tlog-proof@v1\n"
    "index 2\n"
    "YcoROfaBWEHVuvLQ0tm9nf7pfImN1ve6DAqpQe5sAes=\n"
    "WkdmL9ijF9lgSaP59HxV3GfKZgUbqjaD27GbL+CaB7A=\n"
    "GhZ/vGuCwqdE9v+gpidhde2wC9MFkqXnT3ohqdIDqCg=\n"
    "lJEOQnicGWJFCQhFH/mxwFCn1s3n1NLU6X8vdQlpS58=\n"
    "\n"
    "log.example/batches\n"
    "9\n"
    "yPag8yAuEw+Vie0nQwD0dxvaxkU6AgyjwI3xBLPTZ5Q=\n"
    "\n"
    "\xe2\x80\x94 log.example/batches TsZi0rkkw097TY/ePlsRLqqYZLwKmsnCQRI5g3z8HCFMoJ3e7MVXSIwz8Fw6Cy/gvgrG3YEX8EuAg4BVOpNs2q7z3Aw=\n"
    "\xe2\x80\x94 witness.example/1 FlcUyAAAAABlU/EAbpa1yz+Ph6XwPyNr1hqUQtJJsjGJe+guaiB1i2bmFow6/I7BPEMTEdsnHZyt0y8POwOP3CmXEafqGe15NgKiDg==\n"
    "\xe2\x80\x94 witness.example/2 xrO1qQAAAABlU/EBJBDvZYT5OQEMyQhnpyAoDpm+VJ3Jt8zOYbV4dSTfsz0xADr+OiQCtzTB99R9XK541UGXEELMtOw6UO3t1QaOBQ==\n"
    "\xe2\x80\x94 witness.example/3 imb4NgAAAABlU/ECqcb1z1bEzV31+SH2SeFjpzQSBZ1+AUrzpSWdUqOsY9N5zkd8NPNE3FDMHlgw2qYflVkDLBje+68LfULHaFEWDA==\n";

/* clang-format on */

#endif
