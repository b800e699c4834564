package com.cybernance.continuity.check;

import java.util.Comparator;

/** Orders sentence numbers as a reader counts: 1.9 before 1.10. */
final class SentenceOrder {
    static final Comparator<String> BY_NUMBER = (left, right) -> {
        String[] a = left.split("\\.", -1);
        String[] b = right.split("\\.", -1);
        for (int i = 0; i < Math.min(a.length, b.length); i++) {
            int order = part(a[i], b[i]);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(a.length, b.length);
    };

    private SentenceOrder() {}

    private static int part(String a, String b) {
        boolean numbers = a.matches("\\d{1,9}") && b.matches("\\d{1,9}");
        return numbers ? Integer.compare(Integer.parseInt(a), Integer.parseInt(b)) : a.compareTo(b);
    }
}
