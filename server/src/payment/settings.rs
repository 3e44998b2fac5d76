//! What an operator sets for payments: `[payment]` in the settings file.

use contract::payment::{BankAccount, vietqr};
use contract::value::Dong;
use secrecy::SecretString;
use serde::Deserialize;

/// `[payment]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PaymentSettings {
    /// `[payment.bank]`: the agency's account for transfers by VietQR; none means no transfers.
    pub bank: Option<BankAccount>,
    /// The sandbox's gateway, in demo mode only.
    #[serde(skip)]
    pub sandbox: Option<SandboxGateway>,
}

/// Where the sandbox's gateway is.
#[derive(Debug, Clone)]
pub struct SandboxGateway {
    /// Its address.
    pub url: String,
    /// Who we are there.
    pub merchant: String,
    /// What both sides sign with.
    pub secret: SecretString,
}

impl PaymentSettings {
    /// Demo mode: the sandbox's gateway and, unless another was set, an account at a bank that does not exist.
    pub fn use_sandbox(&mut self, url: &str) {
        self.bank.get_or_insert_with(|| BankAccount {
            bin: "999999".into(),
            bank: "Ngân hàng thử nghiệm".into(),
            account: "00110022003300".into(),
            holder: "CONG DICH VU CONG (THU NGHIEM)".into(),
            invented: true,
        });
        self.sandbox = Some(SandboxGateway {
            url: url.to_owned(),
            merchant: "portal-demo".into(),
            secret: "sandbox-only".to_owned().into(),
        });
    }

    /// Tells what is wrong.
    pub fn check(&self, wrong: &mut Vec<String>) {
        let Some(bank) = &self.bank else {
            return;
        };
        let usable = vietqr::text(&vietqr::Transfer {
            bin: bank.bin.clone(),
            account: bank.account.clone(),
            amount: Some(Dong(1)),
            bill: None,
            purpose: None,
        });
        if let Err(error) = usable {
            wrong.push(format!("payment.bank: {error}"));
        }
        if bank.bank.trim().is_empty() || bank.holder.trim().is_empty() {
            wrong.push("payment.bank: bank and holder are names people compare".into());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_that_no_bank_has_is_told() {
        let settings: PaymentSettings =
            toml::from_str("[bank]\nbin='9704'\nbank='X'\naccount='1'\nholder=''\n")
                .expect("settings");
        let mut wrong = Vec::new();
        settings.check(&mut wrong);
        assert_eq!(wrong.len(), 2, "{wrong:?}");
        let mut demo = PaymentSettings::default();
        demo.use_sandbox("http://localhost:8090");
        wrong.clear();
        demo.check(&mut wrong);
        assert!(wrong.is_empty() && demo.bank.is_some_and(|bank| bank.invented));
    }
}
