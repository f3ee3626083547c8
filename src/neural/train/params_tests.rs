//! Tests of the parameters and of the files they are kept in.

use super::*;
use candle_core::Tensor;
use serde_json::json;

fn net(seed: u64) -> Params {
    let params = Params::new(seed);
    let encoder = params.scope("encoder");
    encoder.weight("w", (3, 4), Init::Kaiming).unwrap();
    encoder.weight("b", 3, Init::Normal(0.5)).unwrap();
    params.scope("book").buffer("codes", (5, 2), Init::Uniform(1.0)).unwrap();
    params
}

fn values(t: &Tensor) -> Vec<f32> {
    t.flatten_all().unwrap().to_vec1().unwrap()
}

#[test]
fn first_values_depend_on_seed_and_name_only() {
    let a = net(5);
    let b = Params::new(5);
    b.weight("encoder.b", 3, Init::Normal(0.5)).unwrap();
    b.weight("other", 7, Init::Normal(1.0)).unwrap();
    b.scope("encoder").weight("w", (3, 4), Init::Kaiming).unwrap();
    let of = |p: &Params, name: &str| values(&p.tied(name).unwrap());
    assert_eq!(of(&a, "encoder.w"), of(&b, "encoder.w"));
    assert_eq!(of(&a, "encoder.b"), of(&b, "encoder.b"));
    assert_ne!(of(&a, "encoder.b"), of(&net(6), "encoder.b"));
    assert_ne!(of(&a, "encoder.b"), of(&a, "encoder.w")[..3]);
}

#[test]
fn names_are_sorted_scoped_and_unique() {
    let p = net(1);
    let names: Vec<_> = p.weights().into_iter().map(|(n, _)| n).collect();
    assert_eq!(names, ["encoder.b", "encoder.w"]);
    assert_eq!(p.buffers()[0].0, "book.codes");
    p.weight("encoders", 1, Init::Zeros).unwrap();
    assert_eq!(p.scope("encoder").weights().len(), 2);
    assert_eq!(p.scope("encoder").count(), 15);
    let e = p.weight("encoder.w", (3, 4), Init::Zeros).unwrap_err().to_string();
    assert!(e.contains("encoder.w is made twice"), "{e}");
    assert!(p.tied("book.codes").is_err(), "a buffer is no weight");
}

#[test]
fn files_bring_back_every_value() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.safetensors");
    let (a, b) = (net(1), net(2));
    a.save(&path, &json!({"layers": 3}), Precision::F32).unwrap();
    let first = std::fs::read(&path).unwrap();
    a.save(&path, &json!({"layers": 3}), Precision::F32).unwrap();
    assert_eq!(first, std::fs::read(&path).unwrap(), "the same values, the same bytes");
    let codes_before = b.buffers()[0].1.get();
    let kept = values(&codes_before);
    assert_eq!(b.load(&path).unwrap(), json!({"layers": 3}));
    for ((name, x), (_, y)) in a.snapshot().unwrap().iter().zip(b.snapshot().unwrap().iter()) {
        assert_eq!(values(x), values(y), "{name}");
    }
    assert_eq!(values(&codes_before), kept, "tensors taken out of a buffer stay as they were");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left beside the file");
    a.save(&path, &json!(null), Precision::F16).unwrap();
    assert!(std::fs::metadata(&path).unwrap().len() < first.len() as u64);
    b.load(&path).unwrap();
    for ((_, x), (_, y)) in a.snapshot().unwrap().iter().zip(b.snapshot().unwrap().iter()) {
        for (x, y) in values(x).iter().zip(values(y)) {
            assert!((x - y).abs() <= x.abs() / 2048.0 && x != &0.0, "{x} {y}");
        }
    }
}

#[test]
fn f16_refuses_what_would_become_infinite() {
    let dir = tempfile::tempdir().unwrap();
    let p = Params::new(0);
    p.buffer("big", 1, Init::Zeros).unwrap().set(&Tensor::new(&[70000f32], p.device()).unwrap()).unwrap();
    let e = p.save(&dir.path().join("a"), &json!(null), Precision::F16).unwrap_err().to_string();
    assert!(e.contains("big holds 70000"), "{e}");
}

#[test]
fn one_error_tells_all_that_does_not_fit_and_nothing_changes() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.safetensors");
    net(1).save(&path, &json!(null), Precision::F32).unwrap();
    let other = Params::new(3);
    other.weight("encoder.w", (4, 3), Init::Ones).unwrap();
    other.weight("encoder.b", 3, Init::Ones).unwrap();
    other.weight("head", 2, Init::Ones).unwrap();
    let e = other.load(&path).unwrap_err();
    let text = e.to_string();
    let Error::Misfit(misfit) = e else { panic!("{text}") };
    assert_eq!(misfit.missing, ["head"]);
    assert_eq!(misfit.unexpected, ["book.codes"]);
    assert_eq!(misfit.misshaped, [("encoder.w".to_owned(), vec![4, 3], vec![3, 4])]);
    assert!(["head", "book.codes", "encoder.w"].iter().all(|n| text.contains(n)), "{text}");
    assert_eq!(values(&other.tied("encoder.b").unwrap()), [1.0; 3]);
}

#[test]
fn damaged_and_foreign_files_are_told_apart_from_misfits() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.safetensors");
    net(1).save(&path, &json!(null), Precision::F32).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    for cut in [0, 4, 40, bytes.len() - 1] {
        std::fs::write(&path, &bytes[..cut]).unwrap();
        assert!(matches!(net(1).load(&path), Err(Error::Format { .. })), "cut to {cut}");
    }
    assert!(matches!(net(1).load(&dir.path().join("none")), Err(Error::Io { .. })));
}
