package com.cybernance.continuity.check;

import java.util.Comparator;

/** Orders sentence numbers as a reader counts: 1.9 before 1.10, and numbers before words. Only equal texts are equal. */
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
        int order = Integer.compare(a.length, b.length);
        return order == 0 ? left.compareTo(right) : order;
    };

    private SentenceOrder() {}

    private static int part(String a, String b) {
        if (number(a) != number(b)) {
            return number(a) ? -1 : 1;
        }
        return number(a) ? Integer.compare(Integer.parseInt(a), Integer.parseInt(b)) : a.compareTo(b);
    }

    private static boolean number(String part) {
        return part.matches("\\d{1,9}");
    }
}
